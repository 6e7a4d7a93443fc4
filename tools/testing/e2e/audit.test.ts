import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { archOf } from '@slipway/model';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { listing, stampOf } from '../src/listing.ts';
import { repo } from '../src/repo-rig.ts';

const arch = archOf(hostPlatform());

test('every artifact of the plan is checked; missing or wrong ones are made again, and nothing else', async () => {
  await using tree = repo('configured');
  const nothing = await tree.slipway(['release', 'audit', 'quick-release', '--without-docker']);
  expect(nothing.exit).toBe(4);
  expect(nothing.stdout.match(/^MISSING /gm)).toHaveLength(13);
  expectDone(await tree.slipway(['quick-release', '--without-docker']));
  const tars = tree.path('_output/release-tars');
  const audit = (...words: string[]) => tree.slipway(['-s', 'release', 'audit', ...words]);
  const good = await audit();
  expectDone(good);
  expect(good.stdout).toContain('all 13 artifacts of the plan are there, whole and described');
  const right = listing(tars);

  const untouched = stampOf(join(tars, 'gated-test-portable.tar.gz'));
  rmSync(join(tars, 'gated-manifests.tar.gz'));
  execFileSync('sh', [
    '-c',
    'gzip -d -c "$0" | head -c 5000 | gzip > "$0.new" && mv "$0.new" "$0"',
    join(tars, `gated-server-linux-${arch}.tar.gz`),
  ]);
  copyFileSync(tree.path('README.md'), tree.path(`_output/release-images/${arch}/keeper.tar`));
  appendFileSync(join(tars, 'SHA256SUMS'), `${'0'.repeat(64)}  more\n`);
  const bad = await audit();
  expect(bad.exit).toBe(4);
  for (const line of [
    'MISSING _output/release-tars/gated-manifests.tar.gz',
    `WRONG   _output/release-tars/gated-server-linux-${arch}.tar.gz: it is cut short`,
    `WRONG   _output/release-images/${arch}/keeper.tar: it is cut short`,
    'WRONG   more (sha256): it is missing',
  ])
    expect(bad.stdout).toContain(line);
  // The server's tarball holds this one.
  rmSync(join(tars, 'gated-src.tar.gz'));
  mkdirSync(join(tars, 'gated-src.tar.gz'));
  expect((await audit()).stdout).toContain('WRONG   _output/release-tars/gated-src.tar.gz: it is not a regular file');
  expectDone(await audit('--repair'));
  expect(Object.keys(listing(tars))).toEqual(Object.keys(right));
  expectDone(await tree.slipway(['release', 'verify', tars]));
  expect(stampOf(join(tars, 'gated-test-portable.tar.gz'))).toBe(untouched);
  // The same command now has nothing to do.
  expect((await tree.slipway(['quick-release', '--without-docker'])).stdout).toMatch(/\d+ fresh/);
});

test('an audit with a key checks who signed, and never removes a file that the plan does not know', async () => {
  await using tree = repo('configured');
  expectDone(await tree.slipway(['quick-release', '--without-docker']));
  const [key, tars] = [tree.path('../key.pem'), tree.path('_output/release-tars')];
  expectDone(await tree.slipway(['release', 'sign', tars, key]));
  expectDone(await tree.slipway(['release', 'audit', `${key}.pub`]));
  rmSync(join(tars, 'provenance.sigstore.json'));
  const unsigned = await tree.slipway(['release', 'audit', `${key}.pub`]);
  expect([unsigned.exit, unsigned.stdout]).toEqual([4, expect.stringContaining('(signature): nobody signed it')]);
  writeFileSync(join(tars, 'stranger'), 'x');
  const strange = await tree.slipway(['-s', 'release', 'audit', '--repair']);
  expect([strange.exit, strange.stdout]).toEqual([
    4,
    expect.stringContaining('WRONG   stranger: it is not listed in SHA256SUMS'),
  ]);
  expect(strange.stdout).toContain('the plan cannot make the rest');
  expect(readdirSync(tars)).toContain('stranger');
  expectFailure(await tree.slipway(['release', 'audit', 'all']), 'BAD_USAGE', { hint: 'release audit quick-release' });
});
