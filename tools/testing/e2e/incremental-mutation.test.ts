import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findProgram, hostPlatform } from '@slipway/facts';
import type { Platform } from '@slipway/model';
import { makeModel, modulePaths, type TreeModel } from '../src/mutation/model.ts';
import { mutate } from '../src/mutation/mutations.ts';
import { Reference, compilerSettings, rootKey } from '../src/mutation/reference.ts';
import { Session } from '../src/mutation/session.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { type Call, WatchedRepo, goBuilds } from '../src/watched-repo.ts';

const rounds = Number(process.env['SLIPWAY_MUTATION_ROUNDS'] ?? 50);
const seed = process.env['SLIPWAY_MUTATION_SEED'] ?? '1';
const platforms = [hostPlatform(), 'windows/amd64' as Platform];

test(`${rounds} random edits, seed ${seed}: the bytes of a plain go build, and only what changed is handed to Go`, { timeout: 60_000 + rounds * 30_000 }, async () => {
  await using tree = new WatchedRepo('empty');
  const random = seededRandom('mutation', seed);
  const session = new Session(tree, random, makeModel(random, { cgo: findProgram('gcc', tree.env) !== undefined }));
  const reference = new Reference({ tree, platforms });
  /** Fingerprints of what was built already, here or on another branch. */
  const seen = new Set<string>();
  const seenExact = new Map<string, string>();
  const log: string[] = [];
  for (let round = 0; round <= rounds; round++) {
    const done = round === 0 ? 'made' : mutate(session);
    log.push(`${round}: ${done}`);
    const run = await runSlipway(session, { json: random.chance(0.5) });
    const [outputs, fingerprints] = await Promise.all([reference.build(session.model, session.variables), reference.list(session.model, session.variables)]);
    const context = () => `SLIPWAY_MUTATION_SEED=${seed} SLIPWAY_MUTATION_ROUNDS=${round}\n${log.slice(-12).join('\n')}\n${run.text}`;
    if (outputs === undefined) {
      expect(run.exit, `${context()}\nGo says: ${reference.complaint}`).toBe(1);
      continue;
    }
    expect(run.exit, context()).toBe(0);
    for (const [key, path] of outputs) {
      const [platform, name] = key.split(' ') as [Platform, string];
      const published = tree.path(tree.published(name, platform));
      expect(readFileSync(published).equals(readFileSync(path)), `${key} is not what Go makes: ${context()}`).toBe(true);
    }
    for (const [key, { exact, withModules }] of fingerprints!) {
      if (seen.has(withModules)) expect(run.handed.has(key), `${key} was built before: ${context()}`).toBe(false);
      else if (!seenExact.has(exact)) expect(run.handed.has(key), `${key} is new: ${context()}`).toBe(true);
      seen.add(withModules);
      seenExact.set(exact, key);
    }
  }
});

interface Run {
  readonly exit: number | undefined;
  readonly text: string;
  /** What Go was asked to build, by `rootKey`. */
  readonly handed: ReadonlySet<string>;
}

async function runSlipway({ tree, model, variables }: Session, { json }: { readonly json: boolean }): Promise<Run> {
  const args = ['all', `KUBE_BUILD_PLATFORMS=${platforms.join(' ')}`, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
  tree.calls();
  const { exit, stdout, stderr } = await tree.slipway([...(json ? ['--json'] : []), ...args], { env: compilerSettings });
  const handed = new Set(goBuilds(tree.calls()).flatMap((call) => rootsOf(call, model)));
  return { exit, text: `${args.join(' ')}\n${json ? '' : stdout}${stderr}`, handed };
}

function rootsOf({ platform, args }: Call, { programs }: TreeModel): string[] {
  const isTest = args[0] === 'test';
  return programs.filter((one) => (one.kind === 'test') === isTest && args.includes(`${modulePaths.tree}/${one.dir}`)).map((one) => rootKey(platform, one));
}
