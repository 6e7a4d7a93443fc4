import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repositoryRoot } from '../lib/check.ts';
import { makeDistribution } from '../lib/distribution.ts';

const place = mkdtempSync(join(tmpdir(), 'slipway-distribution-'));
const dist = join(place, 'dist');
let files: readonly string[];
beforeAll(async () => {
  files = await makeDistribution(dist);
});
afterAll(() => rmSync(place, { recursive: true }));

test('what is handed out has one version and its checksums', () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'tools/cli/package.json'), 'utf8')) as {
    version: string;
  };
  expect(files).toEqual([`slipway-${version}.tgz`, `slipway-${version}-linux-amd64.tar.gz`, 'SHA256SUMS']);
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: dist });
});

test('the executable needs no Node and no network: through a link it builds, and the second time nothing', () => {
  const at = join(place, 'opt');
  mkdirSync(at);
  execFileSync('tar', ['-xzf', join(dist, files[1]!), '-C', at]);
  const [bin, tree] = [join(place, 'bin'), join(place, 'tree')];
  mkdirSync(bin);
  symlinkSync(join(at, files[1]!.replace('.tar.gz', ''), 'slipway'), join(bin, 'slipway'));
  for (const name of ['go', 'git', 'bash', 'sh', 'readlink', 'env', 'cat'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), tree, { recursive: true });
  const env = { PATH: bin, HOME: join(place, 'home'), GOPROXY: 'off', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
  const run = (...words: readonly string[]) => spawnSync('slipway', ['-C', tree, ...words], { env, encoding: 'utf8' });
  expect(spawnSync('sh', ['-c', 'command -v node'], { env }).status).not.toBe(0);
  expect(run('version')).toMatchObject({ status: 0, stdout: expect.stringContaining('Node 24.') });
  const built = run('all');
  expect([built.status, built.stderr]).toEqual([0, '']);
  expect(run('all').stdout).toContain('nothing changed');
});
