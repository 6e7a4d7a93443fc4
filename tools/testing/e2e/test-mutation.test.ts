import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { disturb, testInputs } from '../src/mutation/test-inputs.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { testTree, tested } from '../src/test-tree.ts';
import { timeouts } from '../src/timeouts.ts';
import type { Built, WatchedRepo } from '../src/watched-repo.ts';

const {
  SLIPWAY_MUTATION_ROUNDS: rounds = process.env['CI'] ? '50' : '12',
  SLIPWAY_MUTATION_SEED: seed = '1',
  SLIPWAY_MUTATION_LOG: log,
} = process.env;

/** Run under strace, so that any variable may decide. */
const traced = ['before', 'helper', 'initial'];

/** A state of what the tests of a checkout read. */
interface Reads {
  readonly states: number[];
  readonly user: string;
}

/** By package: what decides whether it passes. */
const decides = (name: string, { states, user }: Reads): string =>
  JSON.stringify([
    name,
    testInputs.flatMap(({ of }, i) => (of === name ? [states[i]] : [])),
    name === 'variable' || traced.includes(name) ? user : '',
  ]);

const fails = (name: string, { states, user }: Reads): boolean =>
  testInputs.some(({ of, isBad }, i) => of === name && isBad(states[i]!)) || (name === 'variable' && user === 'bad');

test(
  `${rounds} random edits of what tests read, seed ${seed}: the verdicts of plain go test, and a package runs when what it reads was not seen to pass`,
  { timeout: timeouts.test + Number(rounds) * timeouts.round, ...unless(whyWithout('strace')) },
  async () => {
    await using tree = testTree('one').init();
    const random = seededRandom('tests', seed);
    tree.git('worktree', 'add', '--quiet', '--detach', '../the other');
    const checkouts = ['.', '../the other'] as const;
    const reads: Reads[] = checkouts.map(() => ({ states: testInputs.map(() => 0), user: 'nobody' }));
    for (const dir of checkouts) for (const input of testInputs) input.set(tree.path(dir), 0);
    const passed = new Set<string>();
    const story: string[] = [];
    // That its tests run programs is not known of a package before they ran once.
    await run(tree, '.', 'nobody');
    for (let round = 0; round <= Number(rounds); round++) {
      const at = round < 2 ? round : random.below(2);
      const dir = checkouts[at]!;
      if (round >= 2) story.push(`${round}: ${dir} ${mutate(reads, at, tree.path(dir), random)}`);
      if (random.chance(0.1)) rmSync(tree.path(dir, '_output'), { recursive: true, force: true });
      const now = reads[at]!;
      const { ran, failed, notKept, text } = await run(tree, dir, now.user);
      const told = `\nSLIPWAY_MUTATION_SEED=${seed} SLIPWAY_MUTATION_ROUNDS=${round}\n${story.slice(-12).join('\n')}\n${text}`;
      const bad = tested.filter((name) => fails(name, now));
      expect(failed, told).toEqual(bad);
      if (round % 25 === 0) expect(plainFailures(tree, dir, now.user), told).toEqual(bad);
      const isNew = (name: string): boolean => !bad.includes(name) && !passed.has(decides(name, now));
      // In the first round it is as at the beginning: all but those that run programs have passed.
      if (round > 0) expect({ ran, notKept }, told).toEqual({ ran: tested.filter(isNew), notKept: [] });
      for (const name of tested) if (!bad.includes(name)) passed.add(decides(name, now));
      if (log !== undefined)
        process.stderr.write(`${story.at(-1)} → ran ${ran.join(', ')}, failed ${failed.join(', ')}\n`);
    }
  },
);

/** One or two edits, or what the other checkout has. */
function mutate(reads: Reads[], at: number, dir: string, random: ReturnType<typeof seededRandom>): string {
  if (random.chance(0.15)) return disturb(dir, random);
  const { states, user } = reads[at]!;
  if (random.chance(0.15)) {
    reads[at] = { states, user: random.pick(['nobody', 'somebody', 'bad']) };
    return `USER=${reads[at].user}`;
  }
  const copies = random.chance(0.15);
  const edited = copies ? testInputs.map((_, i) => i) : [1, 2].map(() => random.below(testInputs.length));
  const next = [...states];
  for (const i of edited) next[i] = copies ? reads[1 - at]!.states[i]! : random.below(testInputs[i]!.states);
  for (const i of edited) if (next[i] !== states[i]) testInputs[i]!.set(dir, next[i]!);
  reads[at] = { states: next, user };
  return copies ? 'as the other one' : edited.map((i) => `${testInputs[i]!.of} is ${next[i]}`).join(', ');
}

interface Ran {
  readonly ran: string[];
  readonly failed: string[];
  readonly notKept: string[];
  readonly text: string;
}

async function run(tree: WatchedRepo, cwd: string, user: string): Promise<Ran> {
  const built: Built = await tree.build(['test'], { cwd, env: { USER: user } });
  const named = (wanted: string): string[] =>
    [...built.statuses]
      .flatMap(([name, { is }]) => (is === wanted ? [name.slice(name.lastIndexOf('/') + 1)] : []))
      .sort();
  const told = [...built.statuses].map(([name, { is, why }]) => `${name} ${is}: ${why}`).join('\n');
  const notKept = [...built.statuses.values()].flatMap(({ why }) => (why.includes('not kept') ? [why] : []));
  return { ran: named('ran'), failed: named('failed'), notKept, text: `${told}\n${built.stderr}` };
}

/** The verdicts of a run without any cache. */
function plainFailures(tree: WatchedRepo, dir: string, user: string): string[] {
  const command = `go test -count=1 ./... 2>&1 | sed -n 's/^FAIL\\t\\(t.example[^\\t]*\\)\\t.*/\\1/p'`;
  const said = execFileSync('sh', ['-c', command], {
    cwd: tree.path(dir),
    env: { ...tree.env, USER: user, GOFLAGS: '' },
    encoding: 'utf8',
  });
  return said
    .split('\n')
    .flatMap((name) => (name === '' ? [] : [name.slice(name.lastIndexOf('/') + 1)]))
    .sort();
}
