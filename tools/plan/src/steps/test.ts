import { covers, keepsAll, showsAll } from '@slipway/catalog';
import {
  type Action,
  type CachePolicy,
  type Environment,
  type ExecStep,
  type Failure,
  HOLES,
  type Input,
  type PlanNote,
  type StepId,
  type SymlinkStep,
  type TestPackage,
  type Tree,
  splitQuoted,
} from '@slipway/model';
import { decidingFiles, vetFile } from '../deciding-files.ts';
import { tagFlags, withGiven } from '../given-flags.ts';
import { wordsOf } from '../linkage.ts';
import { coverageProfile, goScratchDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { profileCall, throughGopath } from '../profile.ts';
import { buildOf, variablesOf } from './go-actions.ts';
import { choiceFlags, choosePackages } from './test-choice.ts';
import { quarantineNotes, quarantineOf } from './test-quarantine.ts';
import { GOPATH_LINK, gopathLinkStep } from './links.ts';

/** Bytes: test binaries are linked, as many at once as there are processors. */
const TEST_MEMORY = 2 ** 31;

export interface Testing {
  readonly steps: readonly (ExecStep | SymlinkStep)[];
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

/**
 * `go test` of the named packages: one call for each module, one action for each package. Calls have no -trimpath,
 * because tests find their data by the paths of their sources.
 */
export function testSteps(planning: Planning): Testing {
  const { tests, tree } = planning.facts;
  if (tests === undefined) throw new Error('plan: tests were not looked for');
  const failures = tests.unknown.map(({ word, nearest }): Failure => ({ code: 'UNKNOWN_WHAT', word, nearest }));
  const { chosen, notes } = choosePackages(tests.packages, planning.testing);
  if (failures.length === 0 && tests.packages.length === 0)
    failures.push({ code: 'NO_TESTS', root: tree.root, untested: tests.untested });
  const linked = throughGopath(planning.profile, planning.facts);
  const steps: ExecStep[] = [];
  for (const [dir, packages] of Map.groupBy(chosen, ({ moduleDir }) => moduleDir)) {
    const step = testStep(dir, packages, planning);
    // In parallel they would compile shared packages twice.
    steps.push({ ...step, needs: linked ? [GOPATH_LINK] : [], after: steps.slice(-1).map(({ id }) => id) });
  }
  return {
    steps: [...(linked ? [gopathLinkStep(planning)] : []), ...steps],
    failures,
    notes: [
      ...tests.untested.map((what) => ({ what, why: 'it has no tests for this platform' })),
      ...quarantineNotes(chosen, planning),
      ...notes,
    ],
  };
}

function testStep(dir: string, packages: readonly TestPackage[], planning: Planning): ExecStep {
  const { facts, names, profile, variables, stamps, place, testing } = planning;
  const id = `test:${dir}` as StepId;
  const call = profileCall(profile, 'cgo', { facts, names, variables, stamps, moduleDir: dir });
  const flags = flagsOf(planning);
  const last = splitQuoted(variables['KUBE_TEST_ARGS'] ?? '').filter((word) => word !== '');
  const env = {
    ...call.env,
    ...facts.tests?.script?.environment,
    ...facts.tests?.environment,
    GOTMPDIR: HOLES.scratch,
    GOTOOLCHAIN: 'local',
  };
  const quarantine = stopsEarly([...flags, ...last]) ? [] : quarantineOf(packages, planning);
  const actions = testActions(packages, { flags, last, env, unset: call.unset }, planning);
  return {
    kind: 'exec',
    place,
    id,
    title: `test ${packages.length === 1 ? packages[0]!.importPath : `${packages.length} packages`} in ${dir}`,
    needs: [],
    after: [],
    outputs: actions.flatMap(({ outputs }) => outputs),
    pool: 'go',
    // Not part of an action: the number of parallel packages affects no result.
    argv: [HOLES.go, 'test', ...(Number(variables['PARALLEL']) > 0 ? [`-p=${variables['PARALLEL']}`] : []), ...flags],
    last,
    cwd: call.cwd,
    env,
    unset: call.unset,
    scratch: goScratchDir(id, names, facts),
    memory: TEST_MEMORY,
    ...(showsAll(variables) || keepsAll(variables) ? { verbose: true } : {}),
    ...(testing?.attempts === undefined ? {} : { attempts: testing.attempts }),
    ...(quarantine.length === 0 ? {} : { quarantine }),
    tests: Object.fromEntries(packages.map((each) => [each.importPath, each.dir])),
    actions,
  };
}

/** The flags of the tree's own test script, which got the user's variables. */
function flagsOf({ facts, variables, goFlags, testing }: Planning): string[] {
  const covered = covers(variables) ? ['-cover', `-covermode=${variables['KUBE_COVERMODE'] || 'atomic'}`] : [];
  const limits = facts.tests?.script?.flags ?? [
    ...wordsOf(variables['KUBE_RACE']),
    ...wordsOf(variables['KUBE_TIMEOUT']),
  ];
  return withGiven([...testTags(facts.tree), ...limits, ...covered, ...choiceFlags(testing)], goFlags);
}

/** Scripts build with tags that their own tests do not use. */
const testTags = ({ source, invocations }: Tree): string[] =>
  source === 'hack/lib/golang.sh' ? [] : tagFlags(invocations.cgo);

interface Call {
  readonly flags: readonly string[];
  readonly last: readonly string[];
  readonly env: Environment;
  readonly unset: readonly string[];
}

/**
 * One for each package. Its key has the files that `go list` names. Slipway observes all other files that the test
 * reads.
 */
function testActions(packages: readonly TestPackage[], call: Call, planning: Planning): Action[] {
  const { facts } = planning;
  const { platform } = facts.machine;
  const variables = variablesOf(call, facts);
  const build = buildOf({ platform, linkage: 'cgo' }, call, variables, planning);
  const files = { ...decidingFiles(facts), ...vetFile(facts) };
  const named = Object.entries(files).map(([name, path]): Input => ({ kind: 'named', name, path }));
  const settings = {
    kind: 'test',
    platform,
    go: facts.toolchain.version,
    cgo: build.cgo ? 'on' : 'off',
    flags: call.flags.join('\n'),
    arguments: call.last.join('\n'),
    ...Object.fromEntries(
      Object.entries({ ...variables, ...unnoted(planning) }).map(([name, value]) => [`variable ${name}`, value]),
    ),
  };
  return packages.map(({ importPath }): Action => ({
    id: `tested ${platform} ${importPath}`,
    name: importPath,
    words: [importPath],
    inputs: [...named, { kind: 'go-closure', importPath, test: true, build }, { kind: 'observed' }],
    settings: { ...settings, package: importPath },
    outputs: covers(planning.variables) ? [coverageProfile(planning.names, importPath)] : [],
    hasResult: true,
    cache: policyOf(call),
  }));
}

/**
 * Variables that are read before Go's testing package records reads: by its runtime, by package time, and during
 * package initialization.
 */
const unnoted = ({ facts: { environment, tests } }: Planning): Environment => ({
  ...Object.fromEntries(
    Object.entries(environment).filter(([name]) => ['GODEBUG', 'GOMAXPROCS', 'GOMEMLIMIT', 'GOGC'].includes(name)),
  ),
  ...tests?.script?.environment,
  ...tests?.environment,
});

/** After an early stop, other tests would not have run, so a quarantined test cannot pass the package. */
const stopsEarly = (words: readonly string[]): boolean => words.some((word) => /^--?(test\.)?failfast(=|$)/.test(word));

/** https://pkg.go.dev/cmd/go#hdr-Test_packages: -count=1 is the usual way to force tests to run. */
function policyOf({ flags, last }: Call): CachePolicy {
  const runsAgain = [...flags, ...last].find((word) =>
    /^--?(test\.)?(count|bench|fuzz|cpuprofile|memprofile|trace|coverprofile|coverpkg|shuffle|blockprofile|mutexprofile|outputdir|o|c)(=|$)/.test(
      word,
    ),
  );
  if (runsAgain !== undefined) return { is: 'volatile', why: `${runsAgain} asks for a run` };
  return { is: 'shared', why: 'running takes longer than reading a result' };
}
