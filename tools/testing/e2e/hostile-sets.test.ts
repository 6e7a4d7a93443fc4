import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileSets } from '../src/hostile-sets/index.ts';
import { PublishedSet } from '../src/published-set.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import { type MeasuredRun, RunServer } from '../src/run-server.ts';

/** Bounds of each command for any set. Seconds are those of the processor, because others may use it, too. */
const MOST = { seconds: 2, mebibytes: 256 };

let tree: Repo;
let good: PublishedSet;
let server: RunServer;
beforeAll(async () => {
  tree = repo('configured');
  good = new PublishedSet(tree.path('../good'));
  server = new RunServer({ cwd: tree.dir, env: tree.env });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(tree.path('../key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  // Compiling once is not part of the measurement.
  await server.run(['release', 'audit', 'quick-release', '--without-docker']);
  await server.run(['release', 'verify', good.dir]);
  await server.run(['compare', good.dir, tree.dir]);
});
afterAll(async () => {
  server[Symbol.dispose]();
  await tree[Symbol.asyncDispose]();
});

/**
 * One of three runs is within the bounds: other work on the machine makes the same work cost more of a processor, and
 * never less. A run after one that took much memory has a process of its own, so that leftovers do not count.
 */
async function measured(...args: string[]): Promise<MeasuredRun> {
  let run = await server.run(args);
  for (let more = 2; more > 0 && !isWithin(run); more -= 1) run = await server.run(args);
  return run;
}

const isWithin = ({ usage }: MeasuredRun): boolean => usage.seconds < MOST.seconds && usage.mebibytes < MOST.mebibytes;

/** No error of ours, no control sequence for a terminal, and within the bounds. */
function expectHarmless({ exit, stdout, stderr, usage }: MeasuredRun): void {
  const printed = stdout + stderr;
  expect(exit, printed).not.toBe(70);
  expect(printed).not.toMatch(/this is a bug|^\s+at .*:\d+:\d+/m);
  // oxlint-disable-next-line no-control-regex
  expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(usage.seconds).toBeLessThan(MOST.seconds);
  expect(usage.mebibytes).toBeLessThan(MOST.mebibytes);
}

test('there are at least eighty hostile sets', () => {
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
