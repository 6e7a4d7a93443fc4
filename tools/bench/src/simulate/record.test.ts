import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Repo, goCommand } from '@slipway/testing/rigs';
import { expect, test } from 'vitest';
import { type Recording, closureOf } from './recording.ts';

test('a recording has the packages of a real build, their imports, their sources and the commands', async () => {
  const main = 'package main\n\nimport "r.example/shared"\n\nfunc main() { println(shared.Text) }\n';
  await using repo = new Repo('empty');
  repo.write({
    'go.mod': 'module r.example\n\ngo 1.24\n',
    'cmd/a/main.go': main,
    'cmd/b/main.go': main,
    'shared/shared.go': 'package shared\n\nimport _ "embed"\n\n//go:embed text.txt\nvar Text string\n',
    'shared/text.txt': 'text\n',
  });
  const path = `${dirname(goCommand())}:${process.env['PATH']}`;
  const around = { cwd: repo.dir, env: { ...repo.env, PATH: path, CGO_ENABLED: '0' }, encoding: 'utf8' } as const;
  const out = '_output/local/go/bin/';
  execFileSync(goCommand(), ['build', '-debug-actiongraph=graph.json', '-o', out, './cmd/...'], around);
  const program = join(import.meta.dirname, 'record.ts');
  const text = execFileSync(process.execPath, [program, 'graph.json', 'two commands'], around);
  const recording = JSON.parse(text) as Recording;
  expect([recording.what, recording.commands.map(({ name }) => name)]).toEqual(['two commands', ['a', 'b']]);
  for (const { main: at, bytes } of recording.commands) {
    expect(bytes).toBeGreaterThan(100_000);
    const own = closureOf(recording, at).filter((each) => recording.packages[each]![3] > 0);
    // Its own file, and the two files of the package that it imports.
    expect(own.map((each) => recording.packages[each]![3]).sort()).toEqual([1, 2]);
    expect(closureOf(recording, at).length).toBeGreaterThan(10);
  }
  expect(recording.packages.every(([, object]) => object > 0)).toBe(true);
});
