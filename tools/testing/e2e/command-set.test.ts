import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type Plan, closureInput } from '@slipway/model';
import { hostPlatform } from '@slipway/facts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';
import { goCommand } from '../src/slipway-process.ts';

const main = 'package main\n\nfunc main() {}\n';

/** All possible commands below `cmd`, in a module of its own. */
const tree = (): Repo =>
  new Repo('empty')
    .write({
      'go.mod': 'module set.example/app\n\ngo 1.21\n',
      'cmd/plain/main.go': main,
      'cmd/elsewhere/main_windows.go': main,
      'cmd/never/main.go': `//go:build neverever\n\n${main}`,
      'cmd/older/main.go': `// +build windows plan9\n\n${main}`,
      'cmd/cgo/main.go': `//go:build cgo || !cgo\n\n${main}`,
      'cmd/windows-library/a_windows.go': 'package library\n',
      'cmd/windows-library/main_unix.go': `//go:build unix\n\n${main}`,
      'cmd/documented/about.go': 'package documentation\n',
      'cmd/documented/main.go': main,
      'cmd/library/gen.go': `//go:build generate\n\n${main}`,
      'cmd/library/library.go': 'package library\n',
      'cmd/with space/main.go': main,
      'cmd/größe/main.go': main,
      'cmd/dot./main.go': main,
      'cmd/_passed/main.go': main,
      'cmd/testdata/main.go': main,
      'cmd/own/go.mod': 'module set.example/own\n',
      'cmd/own/main.go': main,
      'area/cmd/go.mod': 'module set.example/area\n',
      'area/cmd/deep/main.go': main,
    })
    .init('v1.2.3');

const goBuilds = ({ steps }: Plan): string[] =>
  steps.flatMap(({ actions = [] }) => actions.flatMap((action) => closureInput(action)?.importPath ?? []));

async function planned(repo: Repo, ...args: string[]): Promise<string[]> {
  const ended = await repo.slipway(['-n', '--json', 'all', ...args]);
  expectDone(ended);
  return goBuilds(JSON.parse(ended.stdout) as Plan).sort();
}

/** Those of unlisted modules: Go finds them if it starts there. */
const inModules = ['set.example/area/deep', 'set.example/own'];

function found(repo: Repo, pattern: string, env: Readonly<Record<string, string>> = {}): string[] {
  const argv = ['list', '-e', '-f', '{{if eq .Name "main"}}{{.ImportPath}}{{end}}', pattern];
  const text = execFileSync(goCommand(), argv, { cwd: repo.dir, env: { ...repo.env, ...env }, encoding: 'utf8' });
  return text.split('\n').filter(Boolean).sort();
}

describe('the set of commands', () => {
  test('the commands of a tree without a configuration are the main packages that Go finds', async () => {
    await using repo = tree();
    const expected = found(repo, './...');
    expect(expected.length).toBeGreaterThan(3);
    expect(await planned(repo)).toEqual([...expected, ...inModules].sort());
    expect(await planned(repo, 'WHAT=./...')).toEqual(expected);
    expectDone(await repo.slipway(['all']));
  });

  test('of another platform, and with tags, they are those that Go then finds', async () => {
    await using repo = tree();
    expect(await planned(repo, 'KUBE_BUILD_PLATFORMS=windows/amd64')).toEqual(
      [...found(repo, './...', { GOOS: 'windows', GOARCH: 'amd64' }), ...inModules].sort(),
    );
    expect(await planned(repo, 'WHAT=-tags=neverever')).toEqual(
      [...found(repo, './...', { GOFLAGS: '-tags=neverever' }), ...inModules].sort(),
    );
    expect(await planned(repo, 'GOFLAGS=-tags=neverever')).toContain('set.example/app/cmd/never');
  });

  test('a command that is left out for a platform is named', async () => {
    await using repo = tree();
    const ended = await repo.slipway(['-n', 'all']);
    expectDone(ended);
    expect(ended.stdout).toContain(
      `cmd/elsewhere: left out for ${hostPlatform()}, as build constraints exclude all its files`,
    );
  });

  test('a module inside the directory of commands is built in its place', async () => {
    await using repo = new Repo('empty')
      .write({
        'go.mod': 'module set.example/app\n\ngo 1.21\n',
        'main.go': main,
        'cmd/go.mod': 'module set.example/app/cmd\n\ngo 1.21\n',
        'cmd/tool/main.go': main,
      })
      .init('v1.2.3');
    expect(await planned(repo)).toEqual([...found(repo, './...'), 'set.example/app/cmd/tool']);
    expect(await planned(repo, 'WHAT=cmd/tool')).toEqual(['set.example/app/cmd/tool']);
  });

  test("-modfile gives the module's name, and go.mod is not read then", async () => {
    await using repo = new Repo('empty')
      .write({
        'go.mod': 'none of this is Go\n',
        'other.mod': 'module set.example/other\n\ngo 1.21\n',
        'cmd/a/main.go': main,
      })
      .init('v1.2.3');
    const env = { GOFLAGS: '-modfile=other.mod' };
    expect(found(repo, './...', env)).toEqual(['set.example/other/cmd/a']);
    expectDone(await repo.slipway(['all'], { env }));
    expect(await planned(repo, `GOFLAGS=${env.GOFLAGS}`)).toEqual(['set.example/other/cmd/a']);
  });

  test('a search notes that it does not see files that -overlay adds, and such a command is refused by name', async () => {
    await using repo = tree();
    const added = JSON.stringify({ Replace: { [repo.path('cmd/added/main.go')]: repo.path('cmd/plain/main.go') } });
    repo.write({ 'overlay.json': added });
    const env = { GOFLAGS: `-overlay=${repo.path('overlay.json')}` };
    expect(found(repo, './...', env)).toContain('set.example/app/cmd/added');
    const searched = await repo.slipway(['-n', 'all'], { env });
    expectDone(searched);
    expect(searched.stdout).toContain('overlay.json: slipway uses the commands on disk, without those it adds');
    expectFailure(await repo.slipway(['all', 'WHAT=cmd/added'], { env }), 'UNKNOWN_WHAT');
  });

  test('a workspace that uses no module is refused with its own name', async () => {
    await using repo = new Repo('empty').write({ 'go.work': 'go 1.21\n', 'a/main.go': main }).init('v1.2.3');
    expectFailure(await repo.slipway(['all']), 'BAD_GO_MOD');
  });
});
