import type { ExecStep, StepId } from '@slipway/model';
import { absolute, scratchDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { tagFlags } from '../given-flags.ts';
import { givenGoVariables } from '../profile.ts';
import { scriptVariables } from './script-variables.ts';

/** Bytes; a test binary is linked. */
const TEST_MEMORY = 2 ** 31;

/** The unit tests that must pass before a release is packaged: of every module, or what the tree's own make calls tests. */
export const releaseTestSteps = (planning: Planning): ExecStep[] =>
  planning.facts.tree.release === undefined
    ? ['test', 'test-integration'].map((target) => makeStep(target, planning))
    : planning.facts.tree.modules.map(({ dir }) => goTestStep(dir, planning));

const base = { kind: 'exec', needs: [], after: [], outputs: [], pool: 'go', memory: TEST_MEMORY } as const;

/** Which packages these are, and with which flags, only the tree's scripts know. */
const makeStep = (target: string, { facts, variables, container }: Planning): ExecStep => ({
  ...{ ...base, id: `release-tests:${target}` as StepId, title: `make ${target}` },
  ...{ argv: ['make', target], cwd: facts.tree.root, unset: [], scratch: undefined },
  env: container === undefined ? {} : scriptVariables(facts, variables),
});

function goTestStep(dir: string, { facts, names, variables }: Planning): ExecStep {
  const id = `release-tests:${dir}` as StepId;
  const scratch = scratchDir(names, id);
  const tags = tagFlags(facts.tree.invocations.cgo);
  return {
    ...{ ...base, id, title: `test ./... in ${dir}`, cwd: absolute(facts.tree.root, dir), scratch },
    argv: [facts.toolchain.command, 'test', ...tags, './...'],
    env: {
      ...givenGoVariables({ facts, variables }),
      GOTMPDIR: absolute(facts.tree.root, scratch),
      GOTOOLCHAIN: 'local',
    },
    unset: ['GOBIN'],
  };
}
