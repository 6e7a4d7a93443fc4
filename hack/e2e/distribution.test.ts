import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repositoryRoot } from '../lib/check.ts';
import { makeDistribution } from '../lib/distribution.ts';

const place = mkdtempSync(join(tmpdir(), 'slipway-distribution-'));
const dist = join(place, 'dist');
/** Go's library is compiled there already. */
const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim();
let files: readonly string[];
const executable = (arch = 'amd64'): string => files.find((file) => file.endsWith(`-linux-${arch}.tar.gz`))!;
beforeAll(async () => {
  files = await makeDistribution(dist);
});
afterAll(() => rmSync(place, { recursive: true }));

test('what is handed out has one version and its checksums', () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'tools/cli/package.json'), 'utf8')) as {
    version: string;
  };
  expect(files.filter((file) => !file.includes('arm64'))).toEqual([
    `slipway-${version}.tgz`,
    `slipway-nx-${version}.tgz`,
    `slipway-${version}-linux-amd64.tar.gz`,
    'SHA256SUMS',
  ]);
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: dist });
});

test('the executable needs no Node and no network: through a link it builds, and the second time nothing', () => {
  const at = join(place, 'opt');
  mkdirSync(at);
  execFileSync('tar', ['-xzf', join(dist, executable()), '-C', at]);
  const [bin, tree] = [join(place, 'bin'), join(place, 'tree')];
  mkdirSync(bin);
  symlinkSync(join(at, executable().replace('.tar.gz', ''), 'slipway'), join(bin, 'slipway'));
  for (const name of ['go', 'git', 'bash', 'sh', 'readlink', 'env', 'cat'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), tree, { recursive: true });
  const env = {
    PATH: bin,
    HOME: join(place, 'home'),
    GOPROXY: 'off',
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
    GOCACHE,
  };
  const run = (...words: readonly string[]) => spawnSync('slipway', ['-C', tree, ...words], { env, encoding: 'utf8' });
  expect(spawnSync('sh', ['-c', 'command -v node'], { env }).status).not.toBe(0);
  expect(run('version')).toMatchObject({ status: 0, stdout: expect.stringContaining('Node 24.') });
  const built = run('all');
  expect([built.status, built.stderr]).toEqual([0, '']);
  expect(run('all').stdout).toContain('nothing changed');
});

test('the executable for arm64 is the same program with a Node for arm64', ({ skip }) => {
  skip(executable('arm64') === undefined, 'npm cannot fetch the Node for arm64');
  const at = join(place, 'arm64');
  mkdirSync(at);
  for (const arch of ['amd64', 'arm64']) execFileSync('tar', ['-xzf', join(dist, executable(arch)), '-C', at]);
  const [other, own] = ['arm64', 'amd64'].map((arch) => join(at, executable(arch).replace('.tar.gz', ''))) as [
    string,
    string,
  ];
  // Of the header of an ELF file: the machine is aarch64.
  expect(readFileSync(join(other, 'lib/node')).readUInt16LE(18)).toBe(183);
  for (const directory of [own, other]) rmSync(join(directory, 'lib/node'));
  execFileSync('diff', ['--recursive', own, other]);
});

test('a workspace of somebody else builds, tests and vets its Go module with the packages alone', () => {
  const workspace = join(place, 'workspace');
  cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), workspace, { recursive: true });
  writeFileSync(join(workspace, 'cmd/a/a_test.go'), 'package main\n\nimport "testing"\n\nfunc TestA(*testing.T) {}\n');
  const write = (file: string, content: object): void => writeFileSync(join(workspace, file), JSON.stringify(content));
  write('package.json', { name: 'theirs', private: true });
  write('nx.json', { plugins: ['@slipway/nx'], neverConnectToCloud: true, analytics: false });
  const tarballs = files.filter((file) => file.endsWith('.tgz')).map((file) => join(dist, file));
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps'];
  execFileSync('npm', ['install', ...options, ...tarballs], { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
  // Theirs would come from a registry.
  symlinkSync(join(repositoryRoot, 'node_modules/nx'), join(workspace, 'node_modules/nx'));
  // Of the Nx that runs this test, and of its colours, theirs knows nothing.
  const { PATH = '' } = process.env;
  const env = { PATH, NX_DAEMON: 'false', NO_COLOR: '1', HOME: join(place, 'home'), GOCACHE };
  const nx = (...words: readonly string[]) =>
    spawnSync(process.execPath, [join(workspace, 'node_modules/nx/dist/bin/nx.js'), ...words], {
      cwd: workspace,
      env,
      encoding: 'utf8',
    });
  const shown = nx('show', 'projects');
  expect([shown.status, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout.split('\n')).toEqual(expect.arrayContaining(['a', 'b']));
  const ran = nx('run-many', '-t', 'build', 'test', 'vet');
  expect(ran.status, ran.stdout + ran.stderr).toBe(0);
  expect(ran.stdout).toContain('nx run plain.example/plain:test');
  expect(ran.stdout).not.toContain('nx run plain.example/words:test');
  expect(existsSync(join(workspace, '_output/bin/a'))).toBe(true);
});
