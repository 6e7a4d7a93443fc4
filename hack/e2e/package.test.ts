import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
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

  test('plans a build without loading what only other targets need: HTTP alone would cost it 50 ms', () => {
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

  test('says what is wrong with a word it does not know', () => {
    expect(run(command, ['-C', repositoryRoot, 'crosss'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cross'),
    });
  });

  test('brings nothing but itself, its papers and those of what is in it', () => {
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

describe('on a Node that is too old', () => {
  const old = oldNode();

  test(
    'one clear message and the exit code of a missing tool',
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
