import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';
import { goCommand } from '../src/slipway-process.ts';

const library = (name: string): Record<string, string> => ({
  [`${name}/go.mod`]: 'module plain.example/lib\n\ngo 1.21\n',
  [`${name}/lib.go`]: `package lib\n\nconst Name = "${name}"\n`,
});

/**
 * Go's environment decides which library is linked: the neighbour, by go.work; the one of go.mod; or another
 * workspace's.
 */
const workspace = (): Repo =>
  new Repo('empty')
    .write({
      'go.work': 'go 1.21\n\nuse (\n\t./app\n\t./beside\n)\n',
      'other.work': 'go 1.21\n\nuse (\n\t./app\n\t./other\n)\n',
      'app/go.mod':
        'module plain.example/app\n\ngo 1.21\n\nrequire plain.example/lib v0.0.0\n\nreplace plain.example/lib => ../replaced\n',
      'app/cmd/a/a.go': 'package main\n\nimport "plain.example/lib"\n\nfunc main() { println(lib.Name) }\n',
      ...library('beside'),
      ...library('replaced'),
      ...library('other'),
    })
    .init('v1.2.3');

/** The library that plain Go links in the directory of the module. */
function plainGo(tree: Repo, env: Readonly<Record<string, string>>): string {
  const binary = join(tree.base, 'plain');
  execFileSync(goCommand(), ['build', '-o', binary, './cmd/a'], {
    cwd: tree.path('app'),
    env: { ...tree.env, ...env },
    stdio: 'pipe',
  });
  return tree.output(binary);
}

async function linked(
  tree: Repo,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  expectDone(await tree.slipway(['all', ...args], { env }));
  return tree.output(tree.published('a'));
}

describe('GOWORK', () => {
  test('of the environment decides which library is linked, each time it changes', async () => {
    await using tree = workspace();
    const values = ['', 'off', tree.path('other.work'), 'auto', 'off', tree.path('other.work'), tree.path('go.work')];
    const seen: unknown[] = [];
    for (const GOWORK of values) seen.push([GOWORK, await linked(tree, [], { GOWORK })]);
    expect(seen).toEqual(values.map((GOWORK) => [GOWORK, plainGo(tree, { GOWORK })]));
    expect(new Set(seen.map((each) => (each as string[])[1]))).toEqual(new Set(['beside', 'replaced', 'other']));
  });

  test('after the target has the same effect as in the environment, and a dry run prints it', async () => {
    await using tree = workspace();
    expect(await linked(tree, ['GOWORK=off'])).toBe('replaced');
    expect(await linked(tree, [], { GOWORK: 'off' })).toBe('replaced');
    expect(await linked(tree, [`GOWORK=${tree.path('other.work')}`], { GOWORK: 'off' })).toBe('other');
    expect(await linked(tree)).toBe('beside');
    const shown = await tree.slipway(['all', '-n', 'GOWORK=off']);
    expectDone(shown);
    expect(shown.stdout).toContain('GOWORK=off');
  });

  test("in Go's env file decides, until the file changes", async () => {
    await using tree = workspace();
    const file = join(tree.home, '.config/go/env');
    const say = (text: string): void => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    };
    expect(await linked(tree)).toBe('beside');
    say('GOWORK=off\n');
    expect(await linked(tree)).toBe('replaced');
    expect(await linked(tree, [], { GOWORK: tree.path('go.work') })).toBe('beside');
    say(`GOWORK=${tree.path('other.work')}\n`);
    expect(await linked(tree)).toBe('other');
    say('');
    expect(await linked(tree)).toBe('beside');
  });

  test('that Go would refuse is refused', async () => {
    await using tree = workspace();
    for (const GOWORK of ['other.work', tree.path('absent.work')]) {
      const { exit, stderr } = await tree.slipway(['all'], { env: { GOWORK } });
      expect({ exit, stderr }).toEqual({
        exit: 2,
        stderr: expect.stringContaining(`invalid value for GOWORK: ${GOWORK}`),
      });
    }
  });
});

describe("Go's settings", () => {
  test.each([
    ['GO111MODULE', 'off'],
    ['GOOS', 'plan9'],
    ['GOARCH', 'mips'],
  ])('%s=%s, which a build would not follow, is refused wherever it is set', async (name, value) => {
    await using tree = workspace();
    const refused = { exit: 2, stderr: expect.stringContaining(`${name}=${value}`) };
    expect(await tree.slipway(['all'], { env: { [name]: value } })).toMatchObject(refused);
    mkdirSync(join(tree.home, '.config/go'), { recursive: true });
    writeFileSync(join(tree.home, '.config/go/env'), `${name}=${value}\n`);
    expect(await tree.slipway(['all'])).toMatchObject(refused);
    expectDone(await tree.slipway(['all'], { env: { GOENV: 'off' } }));
  });

  test('-buildmode=c-shared, which makes no command, is refused in GOFLAGS and after WHAT', async () => {
    await using tree = workspace();
    const refused = { says: '-buildmode=c-shared', hint: 'leave -buildmode=c-shared out' };
    const env = { GOFLAGS: '-buildmode=c-shared' };
    expectFailure(await tree.slipway(['all'], { env }), 'GO_SETTING', refused);
    expectFailure(await tree.slipway(['all', 'WHAT=cmd/a -buildmode c-shared']), 'GO_SETTING', refused);
  });

  test('GOOS has no effect if platforms are named', async () => {
    await using tree = workspace();
    expectDone(await tree.slipway(['all', 'KUBE_BUILD_PLATFORMS=plan9/386'], { env: { GOOS: 'plan9' } }));
    expect(readFileSync(tree.path(tree.published('a', 'plan9/386' as never))).length).toBeGreaterThan(0);
  });

  test("a line in GOROOT's go.env changes a build as the same variable does", async () => {
    await using tree = new Repo('plain').init('v1.2.3');
    const goroot = execFileSync(goCommand(), ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
    const copy = join(tree.base, 'go');
    cpSync(goroot, copy, { recursive: true, verbatimSymlinks: true });
    const env = { PATH: `${join(copy, 'bin')}:${tree.env['PATH']}` };
    const settings = async (): Promise<string> => {
      expectDone(await tree.slipway(['all'], { env }));
      return execFileSync(goCommand(), ['version', '-m', tree.path(tree.published('a'))], { encoding: 'utf8' });
    };
    expect(await settings()).toContain('GOAMD64=v1');
    const before = readFileSync(join(copy, 'go.env'), 'utf8');
    writeFileSync(join(copy, 'go.env'), `${before}GOAMD64=v2\n`);
    expect(await settings()).toContain('GOAMD64=v2');
    writeFileSync(join(copy, 'go.env'), before);
    expect(await settings()).toContain('GOAMD64=v1');
    writeFileSync(join(copy, 'go.env'), `${before}GOWORK=off\n`);
    expect(await tree.slipway(['all'], { env })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('GOWORK=off'),
    });
  });
});
