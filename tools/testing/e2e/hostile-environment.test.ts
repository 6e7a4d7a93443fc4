import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '@slipway/model';
import { afterAll, expect, test } from 'vitest';
import { type HostileCase, hostileCases, spoil, takeForeign } from '../src/hostile-environment.ts';
import { asNobody } from '../src/other-machine.ts';
import { always } from '../src/properties.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import type { Ended } from '../src/slipway-process.ts';
import { timeouts } from '../src/timeouts.ts';

const CASES = Number(process.env['SLIPWAY_ENVIRONMENT_CASES'] ?? 20);
const MESSAGE = /^slipway: [\s\S]*? \[[A-Z_]+\]\n {2}hint: .+$/m;

/** A cache of Go for another user. */
const ofNobody = mkdtempSync(join(tmpdir(), 'slipway-hostile-'));
chmodSync(ofNobody, 0o777);
afterAll(() => rmSync(ofNobody, { recursive: true, force: true }));

async function holds(one: HostileCase): Promise<void> {
  await using tree = repo('plain');
  if (one.isBuilt) await tree.slipway(['a']);
  const { PATH: path, ...others } = spoil(tree, one);
  // The process that becomes nobody finds it on PATH.
  const spoiled = path === undefined || one.asNobody ? others : { ...others, PATH: path };
  const { why, wrapper } = one.asNobody ? asNobody(tree) : { why: undefined, wrapper: [] };
  takeForeign(tree, one);
  const env = { ...(one.asNobody && process.getuid?.() === 0 ? { GOCACHE: ofNobody } : {}), ...spoiled };
  const running = tree.start(one.call, { env, wrapper: why === undefined ? wrapper : [] });
  let raised = 0;
  const timer = setTimeout(() => {
    raised = performance.now();
    running.signal(one.signal?.name ?? 'SIGKILL');
  }, one.signal?.after ?? timeouts.process);
  const ended = await running.ended;
  clearTimeout(timer);
  if (one.signal !== undefined && raised > 0) expect(performance.now() - raised, 'ends in time').toBeLessThan(LATE);
  check(ended, one, tree);
}

/** Two seconds, and the delay of a busy machine. */
const LATE = 2_000 + Number(process.env['SLIPWAY_TEST_SLACK'] ?? 20_000);

function check(
  { exit, signal, stdout, stderr }: Ended,
  { signal: sent, variables, spoiled }: HostileCase,
  tree: Repo,
): void {
  const said = `${stderr}${stdout}`;
  // Before the process listens, a signal ends it like every program.
  if (exit === undefined) return expect([signal, said]).toEqual([sent?.name ?? 'no signal', said]);
  expect(Object.values(exitCodes).filter((code) => code !== exitCodes.bug) as number[], said).toContain(exit);
  if (exit === 0 || (stdout.length > 0 && exit === 3)) return;
  expect(stderr, said).toMatch(MESSAGE);
  expect(stderr, 'no stack').not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  // An error of a file is reported with that file.
  if (!/\[(NOT_WRITABLE|FILE_MISSING|UNREADABLE|BAD_FILE|DISK_FULL|FOREIGN_LINK)\]/.test(stderr)) return;
  const named = [
    ...variables.flatMap(({ name, value }) => [name, ...(value === '' ? [] : [value])]),
    ...spoiled.map(({ place }) => place.replace('../', '')),
  ];
  expect(
    named.filter((each) => stderr.includes(each)),
    `${stderr} names none of ${named.join(' ')} (${tree.dir})`,
  ).not.toEqual([]);
}

test('any missing, unreadable or foreign thing, or one of another kind: the exit code is in the table, and the message names it', async () => {
  await always(hostileCases, holds, CASES);
});

test('a directory of binaries that another user closed is named, before and after a build', async () => {
  const spoiled = [{ place: '_output/local/bin', state: 'foreign' }] as const;
  for (const isBuilt of [false, true])
    await holds({ call: ['all'], spoiled, variables: [], asNobody: true, isBuilt, signal: undefined });
});

test('another user verifies a tree although PATH has directories that he may not enter', async () => {
  await holds({
    call: ['verify', 'WHAT=gofmt'],
    spoiled: [],
    variables: [],
    asNobody: true,
    isBuilt: false,
    signal: undefined,
  });
});
