import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findProgram, hostPlatform } from '@slipway/facts';
import type { Environment, Platform } from '@slipway/model';
import { makeModel, modulePaths, type TreeModel } from '../src/mutation/model.ts';
import { mutate } from '../src/mutation/mutations.ts';
import { compilerSettings, Reference, rootKey } from '../src/mutation/reference.ts';
import { Session } from '../src/mutation/session.ts';
import { timeouts } from '../src/timeouts.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { type Call, goBuilds, WatchedRepo } from '../src/watched-repo.ts';

const {
  SLIPWAY_MUTATION_ROUNDS: rounds = '50',
  SLIPWAY_MUTATION_SEED: seed = '1',
  SLIPWAY_MUTATION_LOG: log,
} = process.env;
const platforms = [hostPlatform(), 'windows/amd64' as Platform];

test(
  `${rounds} random edits, seed ${seed}: the bytes of a plain go build, and only changed commands go to Go`,
  { timeout: timeouts.test + Number(rounds) * timeouts.round },
  async () => {
    await using tree = new WatchedRepo('empty');
    const random = seededRandom('mutation', seed);
    const cgo = findProgram('gcc', tree.env) !== undefined;
    const session = new Session(tree, random, makeModel(random, { cgo }));
    const reference = new Reference(tree, platforms, { cgo });
    const built = new Fingerprints();
    const story: string[] = [];
    for (let round = 0; round <= Number(rounds); round++) {
      const started = performance.now();
      story.push(`${round}: ${round === 0 ? 'made' : mutate(session)}`);
      const run = await runSlipway(session, random.chance(0.5) ? ['--json'] : []);
      const { model, variables } = session;
      const [outputs, fingerprints] = await Promise.all([
        reference.build(model, variables),
        reference.list(model, variables),
      ]);
      const told = (): string =>
        `\nSLIPWAY_MUTATION_SEED=${seed} SLIPWAY_MUTATION_ROUNDS=${round}\n${story.slice(-12).join('\n')}\n${run.text}`;
      if (log !== undefined)
        process.stderr.write(
          `${story.at(-1)} → ${[...run.handed].join(', ')} (${Math.round(performance.now() - started)} ms)\n`,
        );
      if (outputs === undefined) {
        expect(run.exit, `Go says: ${reference.complaint}${told()}`).toBe(1);
        built.addPerhaps(fingerprints.values());
        continue;
      }
      expect(run.exit, told()).toBe(0);
      expect([...fingerprints.keys()].sort(), told()).toEqual([...outputs.keys()].sort());
      for (const [key, path] of outputs) {
        const [platform, name] = key.split(' ') as [Platform, string];
        const isRight = readFileSync(tree.path(tree.published(name, platform))).equals(readFileSync(path));
        expect(isRight, `${key} is not what Go makes${told()}`).toBe(true);
      }
      for (const [key, fingerprint] of fingerprints) {
        const known = built.find(fingerprint);
        if (known === 'built') expect(run.handed, `${key} was built before${told()}`).not.toContain(key);
        if (known === 'new') expect(run.handed, `${key} is new${told()}`).toContain(key);
      }
      built.add(fingerprints.values());
      if (!random.chance(0.25)) continue;
      const again = await runSlipway(session, []);
      expect(again.text, told()).toMatch(/nothing changed, 10 files are up to date/);
      expect(again.calls.filter(({ program }) => program === 'go')).toEqual([]);
    }
  },
);

/** Earlier builds of this tree, on any branch. */
class Fingerprints {
  readonly #exact = new Set<string>();
  readonly #withModules = new Set<string>();

  /** With other module files, or after a state that did not compile, it may be built again, but need not be. */
  find({ exact, withModules }: { exact: string; withModules: string }): 'built' | 'new' | 'either' {
    return this.#withModules.has(withModules) ? 'built' : this.#exact.has(exact) ? 'either' : 'new';
  }

  addPerhaps(all: Iterable<{ exact: string }>): void {
    for (const { exact } of all) this.#exact.add(exact);
  }

  add(all: Iterable<{ exact: string; withModules: string }>): void {
    for (const { exact, withModules } of all) {
      this.#exact.add(exact);
      this.#withModules.add(withModules);
    }
  }
}

interface Run {
  readonly exit: number | undefined;
  readonly text: string;
  readonly calls: readonly Call[];
  /** The builds that Go received, by `rootKey`. */
  readonly handed: string[];
}

async function runSlipway({ tree, model, variables }: Session, flags: readonly string[]): Promise<Run> {
  const args = [`KUBE_BUILD_PLATFORMS=${platforms.join(' ')}`, ...assignments(variables)];
  tree.calls();
  const { exit, stdout, stderr } = await tree.slipway([...flags, 'all', ...args], { env: compilerSettings });
  const calls = tree.calls();
  const text = flags.includes('--json') ? stderr : stdout + stderr;
  return {
    exit,
    text: `slipway all ${args.join(' ')}\n${text}`,
    calls,
    handed: goBuilds(calls).flatMap((call) => rootsOf(call, model)),
  };
}

const assignments = (variables: Environment): string[] =>
  Object.entries(variables).map(([name, value]) => `${name}=${value}`);

function rootsOf({ platform, args }: Call, { programs }: TreeModel): string[] {
  const kind = args[0] === 'test' ? 'test' : 'command';
  const asked = programs.filter((one) => one.kind === kind && args.includes(`${modulePaths.tree}/${one.dir}`));
  return asked.map((one) => rootKey(platform, one));
}
