import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Before } from './cases.ts';
import {
  type Side,
  type Starting,
  byHandScript,
  emptied,
  emptyCaches,
  isExec,
  places,
  readPlan,
  slipwayCall,
} from './sides.ts';

/**
 * The maximum of tested packages, spread over the tree. To link the tests of all packages of a large tree takes hours.
 */
const MOST = 40;

const SLIPWAY = 'slipway-test';
const BY_HAND = 'by-hand-test';

/**
 * Slipway tests packages, including `edited`. The other side makes the calls of `go test` that slipway plans. The files
 * of a clone are written just before each run.
 */
export async function testingSides(of: Starting, before: Before, edited: string): Promise<readonly Side[]> {
  const clone = before === 'clone' ? of.workspace.path('clone') : undefined;
  const starting = { ...of, tree: clone ?? of.tree };
  const cloneAgain = (): void => {
    if (clone === undefined) return;
    rmSync(clone, { recursive: true, force: true, maxRetries: 3 });
    cpSync(of.tree, clone, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('/_output') });
  };
  cloneAgain();
  const words = await wordsOf(of, edited);
  const [ours, theirs] = [places(starting, SLIPWAY), places(starting, BY_HAND)];
  const plan = await readPlan(starting, BY_HAND, words);
  const script = starting.workspace.path(`test-${before}.sh`);
  writeFileSync(script, byHandScript(plan));
  const prepare = (): void => {
    for (const { scratch } of plan.steps.filter(isExec))
      if (scratch !== undefined) mkdirSync(scratch, { recursive: true });
  };
  prepare();
  return [
    {
      ...{ name: 'slipway', output: ours.output, build: slipwayCall(starting, SLIPWAY, words) },
      empty() {
        cloneAgain();
        emptied(clone === undefined ? [ours.output, ours.cache] : [ours.output]);
        if (clone === undefined) emptyCaches(starting);
      },
    },
    {
      ...{ name: 'byHand', output: theirs.output },
      build: { argv: ['bash', script], cwd: starting.tree, env: starting.environment },
      empty() {
        cloneAgain();
        if (clone === undefined) emptied([theirs.cache]);
        prepare();
      },
    },
  ];
}

async function wordsOf(starting: Starting, edited: string): Promise<string[]> {
  const { steps } = await readPlan(starting, BY_HAND, ['test']);
  const all = steps.filter(isExec).flatMap(({ tests = {} }) => Object.keys(tests));
  const every = Math.ceil(all.length / MOST);
  const some = all.filter((name, i) => i % every === 0 || name === edited);
  return ['test', `WHAT=${some.join(' ')}`];
}
