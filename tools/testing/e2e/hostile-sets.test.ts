import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileSets } from '../src/hostile-sets/index.ts';
import { PublishedSet } from '../src/published-set.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import type { Ended } from '../src/slipway-process.ts';

/** What each command may take, whatever it is given. Seconds are those of the processor: others may use it, too. */
const MOST = { seconds: 2, mebibytes: 256 };

let tree: Repo;
let good: PublishedSet;
beforeAll(async () => {
  tree = repo('configured');
  good = new PublishedSet(tree.path('../good'));
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(tree.path('../key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  // What is compiled once is not what is measured.
  await tree.slipway(['release', 'audit', 'quick-release', '--without-docker']);
  await tree.slipway(['release', 'verify', good.dir]);
  await tree.slipway(['compare', good.dir, tree.dir]);
});
afterAll(() => tree[Symbol.asyncDispose]());

interface Measured extends Ended {
  readonly usage: { readonly seconds: number; readonly mebibytes: number };
}

/** The best of three: what else runs on the machine makes the same work take more of a processor, and never less. */
async function measured(...args: string[]): Promise<Measured> {
  let best = await measuredOnce(args);
  for (let more = 2; more > 0 && best.usage.seconds >= MOST.seconds; more -= 1) {
    const again = await measuredOnce(args);
    if (again.usage.seconds < best.usage.seconds) best = again;
  }
  return best;
}

async function measuredOnce(args: readonly string[]): Promise<Measured> {
  const file = tree.path('../usage.json');
  rmSync(file, { force: true });
  const env = {
    NODE_OPTIONS: `--import=${resolve(import.meta.dirname, '../src/report-usage.ts')}`,
    TEST_USAGE_FILE: file,
  };
  const ended = await tree.slipway(args, { env });
  if (!existsSync(file)) throw new Error(`slipway ${args.join(' ')} did not end by itself: ${ended.stderr}`);
  return { ...ended, usage: JSON.parse(readFileSync(file, 'utf8')) as Measured['usage'] };
}

/** No trouble of ours, nothing a terminal would obey, and within the bounds. */
function expectHarmless({ exit, stdout, stderr, usage }: Measured): void {
  const printed = stdout + stderr;
  expect(exit, printed).not.toBe(70);
  expect(printed).not.toMatch(/this is a bug|^\s+at .*:\d+:\d+/m);
  // oxlint-disable-next-line no-control-regex
  expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(usage.seconds).toBeLessThan(MOST.seconds);
  expect(usage.mebibytes).toBeLessThan(MOST.mebibytes);
}

test('there are at least eighty', () => {
  expect(Object.keys(hostileSets).length).toBeGreaterThanOrEqual(80);
});

describe('a set in which', () => {
  test.each(Object.entries(hostileSets))('%s', async (_name, { make, says }) => {
    const set = new PublishedSet(tree.path('../published'));
    make(set);

    const verified = await measured('release', 'verify', set.dir, tree.path('../key.pub'));
    expectHarmless(verified);
    expect(verified.exit).toBe(4);
    if (says !== undefined) expect(verified.stdout + verified.stderr).toContain(says);

    const compared = await measured('compare', good.dir, set.dir);
    expectHarmless(compared);
    expect(compared.exit).toBe(says === undefined ? 4 : compared.exit);

    const reproduced = await measured('release', 'reproduce', set.dir);
    expectHarmless(reproduced);
    expect(reproduced.exit).not.toBe(0);

    const place = tree.path('_output/release-tars');
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    renameSync(set.dir, place);
    const audited = await measured('release', 'audit', 'quick-release', '--without-docker');
    expectHarmless(audited);
    expect(audited.exit).toBe(4);
    execFileSync('rm', ['-rf', place]);
  });
});
