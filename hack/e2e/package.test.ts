import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transform } from 'esbuild';
import { unless } from '@slipway/testing';
import { repositoryRoot } from '../lib/check.ts';
import { InstalledPackage } from '../lib/installed-package.ts';
import { entryText } from '../lib/package-entry.ts';

let slipway: InstalledPackage;
let place: string;
let installed: string;
let command: string;
beforeAll(async () => {
  slipway = await InstalledPackage.make();
  ({ place, directory: installed, command } = slipway);
});
afterAll(() => slipway[Symbol.dispose]());

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, args: readonly string[]): Answer =>
  spawnSync(program, args, { cwd: installed, encoding: 'utf8' });

describe('the package as published', () => {
  test('answers version and help', () => {
    expect(run(command, ['--version'])).toMatchObject({ status: 0, stdout: expect.stringContaining(slipway.version) });
    expect(run(command, ['help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('cross') });
  });

  test('plans a build without loading the code of other targets: HTTP alone would cost it 50 ms', () => {
    const hook = join(place, 'loaded.cjs');
    writeFileSync(hook, "process.on('exit', () => console.error(process.moduleLoadList.join('\\n')));");
    const entry = join(installed, 'node_modules/slipway/slipway.cjs');
    const { status, stderr } = run(process.execPath, ['--require', hook, entry, '-C', repositoryRoot, '-n', 'all']);
    expect(status).toBe(0);
    const loaded = stderr.split('\n');
    expect(loaded).toContain('NativeModule fs');
    for (const name of ['http', 'https', 'tls', 'internal/deps/undici/undici', 'sqlite'])
      expect(loaded).not.toContain(`NativeModule ${name}`);
  });

  test('reports a word that it does not know', () => {
    expect(run(command, ['-C', repositoryRoot, 'crosss'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cross'),
    });
  });

  test('contains only itself, its papers and those of its libraries', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'node_modules/slipway/package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest).toMatchObject({ name: 'slipway', engines: { node: '>=22.18.0' } });
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('dependencies');
    const { packages } = JSON.parse(readFileSync(join(installed, 'package-lock.json'), 'utf8')) as { packages: object };
    expect(Object.keys(packages)).toEqual(['', 'node_modules/slipway']);
    expect(existsSync(join(installed, 'node_modules/slipway/LICENSE'))).toBe(true);
    expect(readFileSync(join(installed, 'node_modules/slipway/THIRD-PARTY.txt'), 'utf8')).toContain('execa');
  });
});

describe('a file that the package loads by its path', () => {
  const part = (name: string): string => join(installed, 'node_modules/slipway/parts', name);

  /** The first message of a thread's program; undefined if it ends without one. */
  const saidBy = (name: string, workerData: unknown, message?: unknown): Promise<unknown> => {
    const worker = new Worker(part(name), { workerData });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    if (message !== undefined) worker.postMessage(message);
    return new Promise((resolve, reject) => {
      worker.once('message', resolve).once('message', () => void worker.terminate());
      worker.once('error', reject);
      worker.once('exit', () => resolve(undefined));
    });
  };

  test('exists under the name that the program uses', () => {
    const names = readdirSync(part('.'))
      .filter((name) => name.endsWith('.mjs'))
      .flatMap((name) => [...readFileSync(part(name), 'utf8').matchAll(/new URL\("parts\/([^"]+)", __package\)/g)])
      .map(([, name]) => name!)
      .sort();
    expect(names).toEqual([
      'check-tree.mjs',
      'checks-probe.sh',
      'copy-worker.mjs',
      'enter.sh',
      'list-tree-worker.mjs',
      'look-ahead-worker.mjs',
      'make-probe.sh',
      'make-programs.sh',
      'probe.sh',
      'release-probe.sh',
      'test-probe.sh',
      'watchdog-thread.mjs',
    ]);
    expect(names.filter((name) => !existsSync(part(name)))).toEqual([]);
  });

  test('starts as a thread', async () => {
    const tree = join(installed, 'a thread');
    cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), tree, { recursive: true });
    const from = join(tree, 'go.mod');
    expect(await saidBy('copy-worker.mjs', undefined, { from, to: undefined })).toMatchObject({
      size: readFileSync(from).length,
    });
    const listed = await saidBy('list-tree-worker.mjs', { root: tree, exclude: [] });
    expect(listed).toMatchObject({ text: expect.stringContaining('go.mod') });
    const state = { open: 0, looking: 1, proven: 2, read: 3, different: 4 };
    const at = { paths: 0, stats: 0, digests: 0, flags: 0 };
    const table = { rows: 0, bytes: new Uint8Array(8), at, flags: {} };
    const none = { table, prefix: '', states: new Int32Array(0), stats: new Float64Array(0), state };
    expect(await saidBy('look-ahead-worker.mjs', none)).toBeUndefined();
  });

  test('asks bash about a tree with scripts', () => {
    const tree = join(installed, 'with scripts');
    cpSync(join(repositoryRoot, 'tools/testing/fixtures/kubernetes-shaped/repo'), tree, { recursive: true });
    const { status, stdout, stderr } = run(command, ['-C', tree, '-n', 'all']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('plan all');
  });
});

test('a configuration is checked against the types in the package', () => {
  const check = (text: string): Answer => {
    writeFileSync(join(installed, 'slipway.config.ts'), `import type { Config } from 'slipway';\n${text}`);
    const options = ['--ignoreConfig', '--noEmit', '--module', 'nodenext', '--target', 'esnext', '--types', ''];
    return run(join(repositoryRoot, 'node_modules/.bin/tsc'), [...options, 'slipway.config.ts']);
  };
  expect(
    check(`export default { sets: { node: { targets: ['cmd/a'] } }, static: ['a'] } satisfies Config;\n`),
  ).toMatchObject({ status: 0, stdout: '' });
  expect(check('export default { sets: { nodes: {} } } satisfies Config;\n').stdout).toMatch(/'nodes' does not exist/);
});

test('init writes a configuration whose types a compiler finds without an installation', () => {
  const tree = join(place, 'without node_modules');
  cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), tree, { recursive: true });
  const compiled = (): Answer =>
    spawnSync(join(repositoryRoot, 'node_modules/.bin/tsc'), ['--noEmit', 'slipway.config.ts'], {
      cwd: tree,
      encoding: 'utf8',
    });
  expect(run(command, ['-C', tree, 'init'])).toMatchObject({ status: 0, stderr: '' });
  expect(compiled()).toMatchObject({ status: 0, stdout: '' });
  const config = join(tree, 'slipway.config.ts');
  writeFileSync(config, readFileSync(config, 'utf8').replace('export default {', 'export default {\n  exclud: [],'));
  expect(compiled().stdout).toMatch(/'exclud' does not exist in type 'Config'/);
});

describe('on a Node that is too old', () => {
  const old = oldNode();

  test(
    'prints one clear message and exits with the code of a missing tool',
    unless(old === undefined ? 'no old Node is on PATH' : undefined),
    () => {
      const { status, stderr } = run(old ?? '', [join(installed, 'node_modules/slipway/slipway.cjs'), 'help']);
      expect(status).toBe(3);
      expect(stderr).toMatch(
        /^error: slipway needs Node 22\.18\.0 or newer; this is \d+\.\d+\.\d+ \(.*\)\n  hint: install Node/,
      );
    },
  );

  test('the entry has nothing that Node 12 cannot parse', async () => {
    const text = entryText('22.18.0');
    const [lowered, same] = await Promise.all(
      ['es2017', 'esnext'].map((target) => transform(text, { target, supported: { 'dynamic-import': true } })),
    );
    expect(lowered?.code).toBe(same?.code);
  });
});

/** A Node of the machine that is older than ours, if it has one. */
function oldNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((dir) => !dir.includes('node_modules'))
    .map((dir) => join(dir, 'node'))
    .filter((path) => existsSync(path))
    .find((path) => {
      const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
        .split('.')
        .map(Number);
      return major < 22 || (major === 22 && minor < 18);
    });
}
