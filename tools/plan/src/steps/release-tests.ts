import { type ExecStep, HOLES, type StepId } from '@slipway/model';
import { inTree, scratchDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { tagFlags } from '../given-flags.ts';
import { givenGoVariables } from '../profile.ts';
import { scriptVariables } from './script-variables.ts';

/** Bytes: the link of a test binary. */
const TEST_MEMORY = 2 ** 31;

/**
 * The unit tests that must pass before a release is packaged: those of every module, or the test target of the tree's
 * own make.
 */
export const releaseTestSteps = (planning: Planning): ExecStep[] =>
  planning.facts.tree.release === undefined
    ? ['test', 'test-integration'].map((target) => makeStep(target, planning))
    : planning.facts.tree.modules.map(({ dir }) => goTestStep(dir, planning));

const base = { kind: 'exec', needs: [], after: [], outputs: [], pool: 'go', memory: TEST_MEMORY } as const;

/** Only the tree's scripts know the packages and flags. */
const makeStep = (target: string, { facts, variables, place }: Planning): ExecStep => ({
  place,
  ...{ ...base, id: `release-tests:${target}` as StepId, title: `make ${target}` },
  ...{ argv: ['make', target], cwd: HOLES.root, unset: [], scratch: undefined },
  env: place === 'host' ? {} : scriptVariables(facts, variables),
});

function goTestStep(dir: string, { facts, names, variables, place }: Planning): ExecStep {
  const id = `release-tests:${dir}` as StepId;
  const tags = tagFlags(facts.tree.invocations.cgo);
  return {
    ...{ ...base, id, title: `test ./... in ${dir}`, cwd: inTree(dir) },
    place,
    scratch: scratchDir(names, id),
    argv: [HOLES.go, 'test', ...tags, './...'],
    env: {
      ...givenGoVariables({ facts, variables }),
      GOTMPDIR: HOLES.scratch,
      GOTOOLCHAIN: 'local',
    },
    unset: ['GOBIN'],
  };
}
