import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { processesOf, until, whyNoProcesses } from '../src/processes.ts';
import { leftovers } from '../src/listing.ts';
import { withMounts } from '../src/other-machine.ts';
import { timeouts } from '../src/timeouts.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { WatchedRepo, byStatus, goBuilds } from '../src/watched-repo.ts';

const { SLIPWAY_KILLS: kills = '10', SLIPWAY_KILL_SEED: seed = String(Date.now()) } = process.env;

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const outputs = (tree: WatchedRepo): string[] => ['a', 'b'].map((name) => tree.path(tree.published(name)));

describe('a store that is damaged', () => {
  test('a byte flipped in every file: nothing of it is restored; after a build it is whole again', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const right = outputs(tree).map((path) => readFileSync(path));
    const random = seededRandom('flip', seed);
    for (const folder of ['cas', 'records']) {
      for (const path of filesBelow(join(tree.store, 'v1', folder))) {
        const bytes = readFileSync(path);
        bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
        chmodSync(path, 0o644);
        writeFileSync(path, bytes);
      }
      for (const is of ['ran', 'restored'] as const) {
        rmSync(tree.path('_output'), { recursive: true });
        const again = await tree.build();
        expect({ exit: again.exit, seed }).toEqual({ exit: 0, seed });
        expect({ folder, seed, ...byStatus(again) }).toEqual({ folder, seed, [is]: ['a', 'b'] });
        expect(outputs(tree).map((path, i) => readFileSync(path).equals(right[i]!))).toEqual([true, true]);
      }
    }
    expect(JSON.parse((await tree.slipway(['cache', 'verify', '--json'])).stdout)).toMatchObject({ wrong: [] });
  });

  const disks = { full: 'size=64k', 'read-only': 'ro' };

  test.for(Object.entries(disks))('%s: this build and the next one are right', async ([, options], { skip }) => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    const { why, wrapper } = withMounts(
      tree,
      `mkdir -p '${tree.store}' && mount -t tmpfs -o ${options} tmpfs '${tree.store}'`,
    );
    skip(why !== undefined, why);
    const done = await tree.slipway(['all'], { wrapper });
    expect(done.exit, done.stdout + done.stderr).toBe(0);
    expect(done.stderr).not.toMatch(/bug|at .*:\d+:\d+/);
    expect(tree.output('_output/bin/b')).toBe('hello from b');
    tree.write({ 'cmd/b/b.go': 'package main\n\nfunc main() { println("second") }\n' });
    expect((await tree.slipway(['all'], { wrapper })).exit).toBe(0);
    expect(tree.output('_output/bin/b')).toBe('second');
    expect(leftovers(tree.path('_output'))).toEqual([]);
  });

  test('removed between two runs: this costs only time', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    rmSync(tree.store, { recursive: true });
    expect((await tree.slipway(['all'])).stdout).toMatch('nothing changed');
    rmSync(tree.path('_output'), { recursive: true });
    const again = await tree.build();
    expectDone(again);
    expect(byStatus(again)).toEqual({ ran: ['a', 'b'] });
  });
});

describe('a run that is killed', () => {
  test(
    `at ${kills} random instants, seed ${seed}: the next run is right`,
    { timeout: timeouts.test + Number(kills) * timeouts.round },
    async ({ skip }) => {
      skip(whyNoProcesses !== undefined, whyNoProcesses);
      await using tree = new WatchedRepo('plain').init('v1.2.3');
      const random = seededRandom('kill', seed);
      const words = (round: number): string =>
        `package words\n\n// Greet says who is there.\nfunc Greet(name string) string { return "${round} from " + name }\n`;
      tree.write({ 'staging/src/plain.example/words/words.go': words(-1) });
      const started = performance.now();
      expectDone(await tree.build());
      const whole = performance.now() - started;
      let killed = 0;
      for (let round = 0; round < Number(kills); round++) {
        // The tree often returns to an earlier state, so that there is something to restore.
        const says = random.chance(0.3) ? random.below(round + 1) - 1 : round;
        tree.write({ 'staging/src/plain.example/words/words.go': words(says) });
        if (random.chance(0.3))
          rmSync(tree.path('_output/local', random.pick(['bin', 'go', '.slipway'])), { recursive: true, force: true });
        const running = tree.start(['all']);
        const after = random.next() * whole;
        await sleep(after);
        // Go dies with slipway, or lives on.
        running.signal('SIGKILL', random.chance(0.5) ? 'group' : 'process');
        if ((await running.ended).signal === 'SIGKILL') killed += 1;
        if (random.chance(0.5)) await until('Go ends', () => processesOf(tree.base).length === 0);
        const told = `seed ${seed}, round ${round}, after ${Math.round(after)} of ${Math.round(whole)} ms`;
        const next = await tree.slipway(['all']);
        expect({ told, exit: next.exit, stderr: next.stderr }).toEqual({ told, exit: 0, stderr: '' });
        expect([tree.output('_output/bin/a'), tree.output('_output/bin/b')], told).toEqual([
          expect.stringMatching(`^${says} from a `),
          `${says} from b`,
        ]);
        await until('all that was started ends', () => processesOf(tree.base).length === 0);
        rmSync(tree.path('_output'), { recursive: true });
        const restored = await tree.build();
        expect(goBuilds(restored.calls), told).toEqual([]);
        expect(tree.output('_output/bin/b'), told).toBe(`${says} from b`);
      }
      expect(JSON.parse((await tree.slipway(['cache', 'verify', '--json'])).stdout)).toMatchObject({ wrong: [] });
      expect(killed, 'runs that were killed before they ended').toBeGreaterThan(Number(kills) / 4);
    },
  );
});
