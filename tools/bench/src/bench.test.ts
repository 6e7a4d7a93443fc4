import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action, ArchiveStep, CopyStep, ExecStep, GoBuild, Plan, StepId } from '@slipway/model';

// The bench runs as a process, with scripts that stand in for slipway and Go.

let root: string;
const path = (...elements: string[]): string => join(root, ...elements);
const source = 'package lib\n';

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bench-test-')));
  for (const directory of ['tree/lib', 'tmp']) mkdirSync(path(directory), { recursive: true });
  writeFileSync(path('tree/lib/lib.go'), source);
  utimesSync(path('tree/lib/lib.go'), 1000, 1000);
  const listed = JSON.stringify(
    { ImportPath: 'a/lib', Name: 'lib', Dir: path('tree/lib'), GoFiles: ['lib.go'] },
    undefined,
    '\t',
  );
  writeFileSync(
    path('go'),
    `#!/bin/sh\ncase $1 in\nlist) echo '${listed}';;\nversion) echo go version go0;;\n*) echo "$PRETENDED" >"$3";;\nesac\n`,
  );
  chmodSync(path('go'), 0o755);
  writeFileSync(path('slipway.mjs'), pretendedSlipway);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pretendedSlipway = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const output = process.argv.at(-1).replace('OUT_DIR=', '');
const packages = process.argv.includes('package-tarballs');
if (process.argv.includes('-n')) {
  const plan = packages ? process.env.PACKAGING_PLAN : process.env.PLAN;
  console.log(readFileSync(plan, 'utf8').replaceAll('OUTPUT', output));
} else if (packages) {
  mkdirSync(output + '/release-tars', { recursive: true });
  writeFileSync(output + '/release-tars/' + (process.env.TARBALL ?? 'lib.tar.gz'), '');
} else if (process.env.HANG && readFileSync('lib/lib.go', 'utf8').includes('SlipwayBench')) {
  writeFileSync(process.env.HANG, String(process.pid));
  setInterval(() => {}, 1000);
} else {
  mkdirSync(output + '/local/bin', { recursive: true });
  writeFileSync(output + '/local/bin/published', "it's made\\n");
}
`;

function startBench(args: readonly string[], environment: Record<string, string> = {}) {
  const build: Partial<GoBuild> = { flags: [] };
  const closure = { kind: 'go-closure', importPath: 'a/lib', test: false, build: build as GoBuild } as const;
  const action: Partial<Action> = { name: 'x', inputs: [closure], outputs: ['OUTPUT/x'] };
  const step: Partial<ExecStep> = {
    kind: 'exec',
    id: 'go' as StepId,
    argv: [path('go'), 'build', '-o', 'OUTPUT/x', 'a/lib'],
    cwd: '.',
    env: { PRETENDED: "it's made" },
    unset: ['HOME'],
    outputs: ['OUTPUT/x'],
    scratch: 'OUTPUT/scratch',
    actions: [action as Action],
  };
  const publish: Partial<CopyStep> = { kind: 'copy', files: [{ from: 'OUTPUT/x', to: 'OUTPUT/local/bin/published' }] };
  const plan: Partial<Plan> = {
    root: path('tree'),
    environment: { PATH: process.env['PATH']!, HOME: '/nowhere' },
    steps: [step as ExecStep, publish as CopyStep],
  };
  writeFileSync(path('plan.json'), JSON.stringify(plan));
  const archive: Partial<ArchiveStep> = {
    kind: 'archive',
    to: 'OUTPUT/release-tars/lib.tar.gz',
    outputs: ['OUTPUT/release-tars/lib.tar.gz'],
    entries: [
      { path: 'tree/lib.go', file: 'lib/lib.go', mode: 0o644 },
      { path: 'tree/version', text: "it's one\n", mode: 0o644 },
    ],
  };
  writeFileSync(path('packaging.json'), JSON.stringify({ ...plan, steps: [archive as ArchiveStep] }));
  const argv = [
    join(import.meta.dirname, 'bench.ts'),
    '--tree',
    path('tree'),
    '--slipway',
    path('slipway.mjs'),
    ...args,
  ];
  const env = {
    ...process.env,
    ...environment,
    TMPDIR: path('tmp'),
    PLAN: path('plan.json'),
    PACKAGING_PLAN: path('packaging.json'),
  };
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([[exit], stdout, stderr]) => ({ exit: exit as number, stdout, stderr })) };
}

function expectNothingLeft(): void {
  expect(readFileSync(path('tree/lib/lib.go'), 'utf8')).toBe(source);
  expect(statSync(path('tree/lib/lib.go')).mtimeMs).toBe(1_000_000);
  expect(readdirSync(path('tmp'))).toEqual([]);
  expect(readdirSync(path('tree'))).toEqual(['lib']);
}

test('the bench runs every case equally often on both sides, and prints JSON', async () => {
  const { exit, stdout, stderr } = await startBench(['--runs', '2', '--json']).ended;
  expect(stderr.split('\n').filter((line) => line.startsWith('leaf'))).toEqual(
    ['leaf 1/2 slipway', 'leaf 1/2 byHand', 'leaf 2/2 slipway', 'leaf 2/2 byHand'].map((start) =>
      expect.stringContaining(start),
    ),
  );
  const report = JSON.parse(stdout) as {
    results: { name: string; series: { slipway: unknown[]; byHand: unknown[] }; differing: string[] }[];
  };
  expect(report.results.map(({ name, series }) => [name, series.slipway.length, series.byHand.length])).toEqual([
    ['cold', 2, 2],
    ['leaf', 2, 2],
    ['wide', 2, 2],
    ['plan', 2, 0],
    ['unchanged', 2, 2],
    ['touched', 2, 2],
    ['deleted', 2, 2],
    ['package', 2, 2],
    ['test', 2, 2],
    ['test-again', 2, 2],
    ['test-edited', 2, 2],
    ['test-clone', 2, 2],
  ]);
  expect(report.results.flatMap(({ differing }) => differing)).toEqual([]);
  expect(exit).toBe(0);
  expectNothingLeft();
});

test('the bench prints chosen cases for readers', async () => {
  const { exit, stdout } = await startBench(['--runs', '1', '--case', 'plan,leaf']).ended;
  expect(stdout).toMatch(/^leaf +the same Go calls +\d+\.\d+ .* CPU ≤ 1\.05 ×, wall ≤ \+1 s +(yes|NO)$/m);
  expect(stdout).toMatch(/^plan +nothing .* wall ≤ 1 s +yes$/m);
  expect(stdout).not.toContain('cold');
  expect(exit).toBe(0);
});

test('packaging is compared with a shell script that packs the same files', async () => {
  const packaging = ['--runs', '1', '--case', 'package'];
  expect((await startBench(packaging).ended).stdout).toMatch(/^package +cp, tar and gzip .* wall ≤ 0\.5 ×, /m);
  const { stdout, exit } = await startBench(packaging, { TARBALL: 'other.tar.gz' }).ended;
  expect(stdout).toContain('DIFFERENT: other.tar.gz, lib.tar.gz');
  expect(exit).toBe(0);
  expectNothingLeft();
});

test('Ctrl-C restores the edited file and removes what the bench made', async () => {
  const { child, ended } = startBench(['--case', 'leaf'], { HANG: path('hangs') });
  while (!existsSync(path('hangs'))) await setTimeout(50);
  expect(readFileSync(path('tree/lib/lib.go'), 'utf8')).toContain('SlipwayBench');
  child.kill('SIGINT');
  expect((await ended).exit).toBe(130);
  expect(() => process.kill(Number(readFileSync(path('hangs'), 'utf8')), 0)).toThrow('ESRCH');
  expectNothingLeft();
});

test('a failed build is printed, and nothing is left', async () => {
  writeFileSync(
    path('slipway.mjs'),
    `${pretendedSlipway}\nif (!process.argv.includes('-n')) { console.error('no such luck'); process.exit(7); }`,
  );
  const { exit, stderr } = await startBench(['--case', 'cold']).ended;
  expect(stderr).toMatch(/slipway\.mjs .* ended with 7:\nno such luck/s);
  expect(exit).toBe(1);
  expectNothingLeft();
});

test.each([
  [['--case', 'warm'], 'no case is called warm; there are cold, leaf'],
  [['--runs', '0'], '--runs 0: a number above 0'],
  [['--fast'], '--fast'],
])('%j is refused', async (args, message) => {
  const { exit, stderr } = await startBench(args).ended;
  expect(stderr).toContain(message);
  expect(exit).toBe(2);
});
