import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { Checkout } from '../src/mutation/checkout.ts';
import { decidesOf, editHidden, expectedOf, goFlagsOf } from '../src/mutation/hidden-tree.ts';
import { timeouts } from '../src/timeouts.ts';
import { seedGoCache } from '../src/observe/seed.ts';
import { Repo } from '../src/repo-rig.ts';
import { type Random, seededRandom } from '../src/synthetic-tree/random.ts';

const {
  SLIPWAY_HIDDEN_ROUNDS: rounds = process.env['CI'] ? '50' : '12',
  SLIPWAY_HIDDEN_SEED: seed = '1',
  SLIPWAY_HIDDEN_LOG: log,
} = process.env;

test(
  `${rounds} random edits of headers, libraries, overlays, profiles, replaced modules and a submodule, seed ${seed}: two checkouts that share all caches have the bytes of an empty one`,
  { timeout: timeouts.test + Number(rounds) * timeouts.round, ...unless(whyWithout('gcc')) },
  async () => {
    await using repo = new Repo('empty', 'one/tree');
    const random = seededRandom('hidden', seed);
    const gocache = join(repo.base, 'go-build');
    seedGoCache(gocache);
    const checkouts = [new Checkout(repo, 'one'), new Checkout(repo, 'two')] as const;
    const madeFrom = [new Map<string, string>(), new Map<string, string>()] as const;
    const story: string[] = [];
    for (let round = 0; round <= Number(rounds); round++) {
      const at = (round < 2 ? round : random.below(2)) as 0 | 1;
      const one = checkouts[at];
      story.push(
        `${round}: ${at === 0 ? 'one' : 'two'} ${round < 2 ? 'made' : change(one, checkouts[at === 0 ? 1 : 0], random)}`,
      );
      const started = performance.now();
      const flags = random.chance(0.5) ? ['--json'] : [];
      const { exit, stdout, stderr } = await repo.slipway([...flags, 'all', `GOFLAGS=${goFlagsOf(one.tree)}`], {
        cwd: `../../${at === 0 ? 'one' : 'two'}/tree`,
        env: { GOCACHE: gocache },
      });
      const told = `\nSLIPWAY_HIDDEN_SEED=${seed} SLIPWAY_HIDDEN_ROUNDS=${round}\n${story.slice(-12).join('\n')}\n${flags.length > 0 ? '' : stdout}${stderr}`;
      const built = performance.now();
      expect(exit, told).toBe(0);
      expect(one.printed(), told).toEqual(expectedOf(one.tree));
      expect(one.published(), told).toEqual(one.reference());
      const [code, decides] = [JSON.stringify(one.code()), decidesOf(one.tree)];
      expect(madeFrom[at].get(code) ?? decides, `an edit changes no code${told}`).toBe(decides);
      madeFrom[at].set(code, decides);
      if (log !== undefined)
        process.stderr.write(
          `${story.at(-1)} (${Math.round(built - started)} ms, plain Go ${Math.round(performance.now() - built)} ms)\n`,
        );
    }
  },
);

/** Edits one checkout, or makes it equal to the other one. Returns a description. */
function change(one: Checkout, other: Checkout, random: Random): string {
  if (random.chance(0.15)) rmSync(join(one.dir, 'tree/_output'), { recursive: true, force: true });
  if (random.chance(0.15)) {
    one.write(other.tree);
    return 'as the other one';
  }
  if (random.chance(0.1)) return 'not edited';
  const { tree, what } = editHidden(one.tree, random);
  one.write(tree);
  if (what.includes('submodule') && random.chance(0.5)) one.commitSubmodule();
  return what;
}
