import { join } from 'node:path/posix';
import { type ExecStep, type Facts, type Failure, type GoModule, HOLES, type StepId } from '@slipway/model';
import { wordsOf } from '../linkage.ts';
import { inOutput, inTree, publishedDir, scratchDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { tagFlags, withGiven } from '../given-flags.ts';
import { givenGoVariables } from '../profile.ts';

/** Bytes: a test binary is linked and starts the programs under test. */
const TEST_MEMORY = 2 ** 31;

/** `go test` of the packages in WHAT, else of the tree's integration tests: one call for each module, after `built`. */
export function testIntegrationSteps(
  planning: Planning,
  words: readonly string[],
  built: readonly StepId[],
): { steps: ExecStep[]; failures: Failure[] } {
  const { tree } = planning.facts;
  const wanted = words.length > 0 ? words : tree.integration.packages.map((dir) => `./${dir}/...`);
  if (tree.moduleMode === 'gopath' || wanted.length === 0)
    return {
      steps: [],
      failures: [
        {
          code: 'UNSUPPORTED_TREE',
          fact:
            wanted.length === 0
              ? 'there is no test/integration here, and no integrationTests in a slipway.config.ts'
              : 'test-integration needs Go modules, and this tree is built in GOPATH mode',
          hint: 'slipway test-integration WHAT=./path/of/the/tests',
        },
      ],
    };
  const placed = wanted.map((word) => ({ word, place: placeOf(planning.facts, word) }));
  const failures = placed.flatMap(({ word, place }): Failure[] =>
    place === undefined ? [{ code: 'UNKNOWN_WHAT', word, nearest: undefined }] : [],
  );
  const byModule = Map.groupBy(
    placed.flatMap(({ place }) => place ?? []),
    ({ dir }) => dir,
  );
  const steps = [...byModule].map(([dir, places]) =>
    testStep(
      planning,
      dir,
      places.map(({ pattern }) => pattern),
    ),
  );
  return { steps: steps.map((step) => ({ ...step, needs: built })), failures };
}

/** The module and pattern of a path from the root (with or without `./`) or of an import path. */
function placeOf({ tree }: Facts, word: string): { dir: string; pattern: string } | undefined {
  const path = word.replace(/^\.\//, '').replace(/\/$/, '');
  const byImport = tree.modules.find((module) => path === module.path || path.startsWith(`${module.path}/`));
  const inRoot = byImport === undefined ? path : join(byImport.dir, path.slice(byImport.path.length));
  const holds = ({ dir }: GoModule): boolean => dir === '.' || inRoot === dir || inRoot.startsWith(`${dir}/`);
  const [module] = tree.modules.filter(holds).sort((a, b) => b.dir.length - a.dir.length);
  if (module === undefined || inRoot.startsWith('..')) return undefined;
  const below = module.dir === '.' ? inRoot : inRoot.slice(module.dir.length + 1);
  return { dir: module.dir, pattern: below === '' ? '.' : `./${below}` };
}

/** Go must not cache them, because it does not know that the tests run binaries. */
function testStep(
  { facts, names, goFlags, variables, place }: Planning,
  dir: string,
  packages: readonly string[],
): Omit<ExecStep, 'needs'> & { needs: [] } {
  const id = `test-integration:${dir}` as StepId;
  const tags = tagFlags(facts.tree.invocations.cgo);
  const limits = [...wordsOf(variables['KUBE_RACE']), variables['KUBE_TIMEOUT'] || '-timeout=600s'];
  const concurrency = variables['KUBE_INTEGRATION_TEST_MAX_CONCURRENCY'];
  return {
    kind: 'exec',
    place,
    id,
    title: `test ${packages.length > 3 ? `${packages.length} packages` : packages.join(' ')} in ${dir}`,
    needs: [],
    after: [],
    outputs: [],
    pool: 'go',
    argv: [
      HOLES.go,
      'test',
      '-count=1',
      ...withGiven([...tags, ...limits], goFlags),
      ...packages,
      ...wordsOf(variables['KUBE_TEST_ARGS']),
    ],
    cwd: inTree(dir),
    env: {
      ...givenGoVariables({ facts, variables }),
      ...(concurrency ? { GOMAXPROCS: concurrency } : {}),
      KUBE_CACHE_MUTATION_DETECTOR: 'true',
      KUBE_PANIC_WATCH_DECODE_ERROR: 'true',
      KUBE_TEST_BIN_DIR: inOutput(publishedDir(names, facts.machine.platform), names),
      GOTMPDIR: HOLES.scratch,
      GOTOOLCHAIN: 'local',
    },
    unset: ['GOBIN'],
    scratch: scratchDir(names, id),
    memory: TEST_MEMORY,
  };
}
