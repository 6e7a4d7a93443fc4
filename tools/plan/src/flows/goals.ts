import { type BuildTarget, type Packing, nearest, plannedRow } from '@slipway/catalog';
import {
  type Environment,
  type ExecStep,
  type Facts,
  type Failure,
  type PlanNote,
  type Step,
  unreachable,
} from '@slipway/model';
import { planBuild } from './build.ts';
import { NO_STEPS, type PlanFragment, joined } from './plan-fragment.ts';
import { planPackaging, selectShippedImages } from './release.ts';
import type { Planning } from '../planning.ts';
import { type Selecting, goFlagsOf, selectAll, selectCross, selectSets, whatWords } from '../select.ts';
import { checkSteps } from '../steps/check.ts';
import { cleanStep } from '../steps/clean.ts';
import { generateSteps } from '../steps/generate.ts';
import { testIntegrationSteps } from '../steps/test-integration.ts';
import { releaseTestSteps } from '../steps/release-tests.ts';
import { testSteps } from '../steps/test.ts';
import { vetSteps } from '../steps/vet.ts';
import { ignoreStep } from '../steps/ignore.ts';
import { unknownFlags } from '../given-flags.ts';

/** A local goal of the command line: a target of the table, or a command of the tree by name. */
export type Goal = { readonly target: BuildTarget } | { readonly command: string };

export const goNotes = ({ toolchain: { absent, instead, version } }: Facts): PlanNote[] => [
  ...(absent ? [{ what: `Go ${version}`, why: 'it is not here yet; a run downloads it first' }] : []),
  ...(instead === undefined
    ? []
    : [{ what: `Go ${version}`, why: `${instead.from} asks for ${instead.version}; ${instead.by} has this one` }]),
];

/** All platforms of a release are linked the same way, unless the tree says otherwise. */
export const linksAlike = (goals: readonly Goal[], { tree }: Pick<Facts, 'tree'>): boolean =>
  tree.linkedAlike === true && goals.some((goal) => packages(goal) || ('target' in goal && goal.target === 'cross'));

export function linkNotes({ linkedAlike, facts: { tree } }: Planning): PlanNote[] {
  if (tree.withoutCgo !== undefined)
    return [{ what: 'cgo', why: `it is off, as ${tree.withoutCgo} says CGO_ENABLED=0` }];
  if (!linkedAlike) return [];
  return [
    {
      what: 'cgo',
      why: 'it is off on all platforms by default: set CGO_ENABLED=1, or cgo in slipway.config.ts',
    },
  ];
}

/** KUBE_<OS>_<ARCH>_CC of an unknown platform would have no effect. */
export function unknownCompilers({ goPlatforms }: Facts, variables: Environment): Failure[] {
  const known = goPlatforms.map((platform) => `KUBE_${platform.replace('/', '_').toUpperCase()}_CC`);
  const given = Object.keys(variables).filter((name) => /^KUBE_.*_CC$/.test(name));
  return given
    .filter((name) => !known.includes(name))
    .map((word) => ({ code: 'UNKNOWN_VARIABLE', word, nearest: nearest(word, known) }));
}

/**
 * Goals that build are planned together, with one Go call for all of them. Other goals keep their place in the order.
 */
export function phases(goals: readonly Goal[]): Goal[][] {
  const result: Goal[][] = [];
  for (const goal of goals) {
    const last = result.at(-1);
    if (last !== undefined && builds(goal) && last.every(builds)) last.push(goal);
    else result.push([goal]);
  }
  return result;
}

/**
 * The variables of packaging. The scripts' quick targets restrict themselves to one platform. Undefined if nothing is
 * packaged.
 */
export function packagingVariables(goals: readonly Goal[], variables: Environment): Environment | undefined {
  const packaging = goals.filter(packages);
  if (packaging.length === 0) return undefined;
  // An engine runs images for its own machine's platform.
  return packaging.every(({ target }) => plannedRow(target).platform === 'own')
    ? { ...variables, KUBE_FASTBUILD: 'true' }
    : variables;
}

export const packages = (goal: Goal): goal is { readonly target: BuildTarget } =>
  'target' in goal && plannedRow(goal.target).does === 'package';

export const builds = (goal: Goal): boolean =>
  'command' in goal || plannedRow(goal.target).does === 'build' || packages(goal);

export function planPhase(goals: readonly Goal[], planning: Planning): PlanFragment {
  const [goal] = goals;
  const kind = goal === undefined || builds(goal) || 'command' in goal ? 'build' : plannedRow(goal.target).does;
  switch (kind) {
    case 'build':
    case 'package': {
      const { work, packaging } = planArtifacts(goals, { building: planning, packing: planning });
      return joined(work, packaging);
    }
    case 'clean':
      return { steps: [cleanStep(planning)], failures: [], notes: [] };
    case 'vet':
      return planVet(planning);
    case 'generate':
      return planGeneration(planning);
    case 'test':
      return planUnitTests(planning);
    case 'verify':
    case 'update':
      return checkSteps(kind, planning);
    default:
      return unreachable(kind);
  }
}

/** Where binaries are built and tested, and where they are packaged. */
interface Rooms {
  readonly building: Planning;
  readonly packing: Planning;
}

/** The binaries of all goals together, then the tests that run them, then the artifacts. */
export function planArtifacts(
  goals: readonly Goal[],
  { building: planning, packing }: Rooms,
): { work: PlanFragment; packaging: PlanFragment } {
  const releases = goals.filter(packages);
  const variables = packagingVariables(goals, planning.variables) ?? planning.variables;
  const built = planBuild(
    goals.map((goal) => selectGoal(goal, packages(goal) ? { ...planning, variables } : planning)),
    planning,
  );
  const tests = planTests(goals, built.steps, planning);
  const packaging = joined(...scopesOf(releases).map((scope) => planPackaging(scope, { ...packing, variables })));
  const passed = tests.steps.map(({ id }) => id);
  const steps = packaging.steps.map((step): Step => ({ ...step, needs: [...passed, ...step.needs] }));
  return { work: joined(built, tests), packaging: { ...packaging, steps } };
}

/** Each scope once. A release includes its images. */
const scopesOf = (releases: readonly { readonly target: BuildTarget }[]): Packing[] => [
  ...new Set(releases.flatMap(({ target }) => plannedRow(target).packs ?? [])),
];

/** A release is not packaged if its tests fail. */
function planTests(goals: readonly Goal[], built: readonly Step[], planning: Planning): PlanFragment {
  const { facts, variables } = planning;
  const released = goals.some((goal) => packages(goal) && goal.target === 'release');
  const wanted = released && !/^n/i.test(variables['KUBE_RELEASE_RUN_TESTS'] ?? '');
  const hasIntegration = facts.tree.release !== undefined && facts.tree.integration.packages.length > 0;
  const integration =
    goals.some(testsIntegration) || (wanted && hasIntegration)
      ? planIntegrationTests(built, planning)
      : { ...NO_STEPS, steps: [] };
  const unit: PlanFragment = wanted ? planReleaseTests(planning) : NO_STEPS;
  return joined(unit, integration);
}

/** On this machine, the steps of `test`. In a container slipway cannot observe what tests read. */
function planReleaseTests(planning: Planning): PlanFragment {
  const { tests } = planning.facts;
  if (planning.place !== 'host' || tests === undefined) return { ...NO_STEPS, steps: releaseTestSteps(planning) };
  // A tree without tests can still be released.
  return tests.packages.length === 0 ? NO_STEPS : testSteps(planning);
}

function planIntegrationTests(
  built: readonly Step[],
  planning: Planning,
): PlanFragment & { readonly steps: readonly ExecStep[] } {
  const published = built.filter((step) => step.kind === 'copy').map((step) => step.id);
  const goFlags = goFlagsOf(planning.variables);
  return { ...NO_STEPS, ...testIntegrationSteps({ ...planning, goFlags }, whatWords(planning.variables), published) };
}

const testsIntegration = (goal: Goal): boolean => 'target' in goal && goal.target === 'test-integration';

export function planGeneration(planning: Planning): PlanFragment {
  const { generation } = planning.facts;
  if (generation !== undefined) return { steps: generateSteps(planning, generation), failures: [], notes: [] };
  const fact = 'no generator of this tree is known';
  const hint =
    'name them: generators in slipway.config.ts (slipway init); Kubernetes has hack/update-codegen.sh since it commits all of them';
  return { steps: [], failures: [{ code: 'UNSUPPORTED_TREE', fact, hint }], notes: [] };
}

/** If some generated files are not in the repository, they are generated before the first compilation. */
export const generatesFirst = (goals: readonly Goal[], { facts }: Planning): boolean =>
  compiles(goals) && facts.tree.makesGenerated && facts.generation !== undefined;

export function compiles(goals: readonly Goal[]): boolean {
  const packed = (goal: Goal): boolean => 'target' in goal && goal.target === 'package-tarballs';
  return goals.some(
    (goal) =>
      (builds(goal) && !packed(goal)) || ('target' in goal && ['vet', 'test'].includes(plannedRow(goal.target).does)),
  );
}

function planVet(planning: Planning): PlanFragment {
  const words = whatWords(planning.variables);
  const { selection, failures } = selectAll(
    planning.facts,
    planning.variables,
    words.filter((word) => !word.includes('...')),
  );
  return {
    steps: failures.length > 0 ? [] : vetSteps({ ...planning, goFlags: selection.goFlags }, words),
    failures,
    notes: [],
  };
}

function planUnitTests(planning: Planning): PlanFragment {
  const failures = unknownFlags(planning.variables);
  const testing = testSteps({ ...planning, goFlags: goFlagsOf(planning.variables) });
  if (failures.length + testing.failures.length > 0)
    return { ...NO_STEPS, failures: [...failures, ...testing.failures] };
  return { ...testing, steps: [ignoreStep(planning), ...testing.steps] };
}

function selectGoal(goal: Goal, planning: Planning): Selecting {
  const { facts, variables } = planning;
  if ('command' in goal) return selectAll(facts, variables, [goal.command]);
  if (goal.target === 'test-integration') return selectSets(facts, facts.tree.integration.sets);
  if (goal.target === 'package-tarballs') return NOTHING;
  if (packages(goal) && plannedRow(goal.target).packs !== 'everything') return selectShippedImages(planning);
  const select = goal.target === 'cross' || packages(goal) ? selectCross : selectAll;
  return select(facts, variables, whatWords(variables));
}

const NOTHING: Selecting = { selection: { commands: new Map(), goFlags: [] }, failures: [], notes: [] };

/**
 * Puts phases one after the other. The first steps of a phase need all steps before it. Steps that two phases share run
 * once.
 */
export function inOrder(phased: readonly (readonly Step[])[]): Step[] {
  const result: Step[] = [];
  for (const steps of phased) {
    const before = result.map((step) => step.id);
    const fresh = steps.filter(({ id }) => !before.includes(id));
    result.push(...fresh.map((step): Step => ({ ...step, needs: [...new Set([...before, ...step.needs])] })));
  }
  return result;
}
