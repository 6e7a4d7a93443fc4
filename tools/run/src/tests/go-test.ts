import {
  type Action,
  type ActionResult,
  type ExecStep,
  FailureError,
  type Observed,
  type PackageResult,
  type Ran,
  type Unobserved,
  callIn,
} from '@slipway/model';
import type { CommandResult, TestWatch } from '@slipway/adapters';
import { failureOfOutput } from '../failure-of-output.ts';
import { pathIn } from '../perform/path-in.ts';
import type { Performing, Running } from '../perform/performing.ts';
import { type Testing, runAttempts } from './attempts.ts';
import { formatFailedPackage } from './format-result.ts';
import { keepProfile, removeProfiles } from './profiles.ts';
import { toActionResult } from './result.ts';

/** Runs `go test` for these actions on this machine. Each gets its result and the reads of its test binary. */
export async function runGoTest(step: ExecStep, running: Running, performing: Performing): Promise<Ran> {
  const { plan, signal, observer } = performing;
  const place = plan.places.host;
  const { env, unset } = callIn(step, place);
  const seen = Object.fromEntries(
    Object.entries({ ...plan.environment, ...env }).filter(([name]) => !unset.includes(name) || name in env),
  );
  if (observer === undefined) throw new Error(`run: ${step.id} runs tests, and nobody observes them`);
  const directories = new Map(
    running.actions.map((action) => [directoryOf(action, step, place.root), action.words[0]!]),
  );
  const scratch = pathIn(plan, step.scratch!);
  // Tests see the environment of the Go call.
  const environment = { ...seen, GOTMPDIR: scratch };
  const covers = running.actions.some(({ outputs }) => outputs.length > 0);
  await using watch = await observer.open({ scratch, environment, directories, covers, signal });
  await removeProfiles(running.actions, performing);
  const testing: Testing = { step, performing, flags: ['-json', ...watch.flags, ...running.flags], env: seen };
  const { results: tested, said, ended } = await runAttempts(testing, running.actions);
  const { passed, results } = resultsOf(running.actions, tested);
  const failed = running.actions.filter((action) => !passed.includes(action));
  const profiles = covers ? await watch.profiles() : new Map<string, string>();
  for (const action of running.actions)
    await keepProfile(action, profiles.get(directoryOf(action, step, place.root)), performing);
  const observed = await observedBy(passed, step, { watch, root: place.root, tested, profiles });
  noteMissed(watch, step, performing);
  const told = failed.flatMap((action) => tested.get(action.words[0]!) ?? []);
  const output = [...told.map(formatFailedPackage), told.length === failed.length ? '' : said]
    .filter((text) => text !== '')
    .join('\n\n');
  const failure = ended instanceof FailureError ? ended : failureOf(ended);
  return { passed, results, observed, output, failure };

  function failureOf(result: CommandResult): FailureError | undefined {
    if (failed.length === 0 && (result.exit === 0 || hasQuarantined(tested))) return undefined;
    if (told.length === 0) return new FailureError(failureOfOutput(step, plan, { ...result, output: said }));
    return new FailureError({ code: 'TESTS_FAILED', packages: told.map(failedTests), among: running.actions.length });
  }
}

const failedTests = ({ importPath, tests }: PackageResult): { name: string; tests: string[] } => ({
  name: importPath,
  tests: tests.filter(({ is, name }) => is === 'fail' && !name.includes('/')).map(({ name }) => name),
});

function noteMissed(watch: TestWatch, step: ExecStep, { emit }: Performing): void {
  const missed = watch.missed();
  if (missed.length === 0) return;
  const names = missed.join(' ');
  const note = `tests read ${missed.join(', ')}, but slipway did not pass them on; to pass them: SLIPWAY_TEST_ENVIRONMENT="${names}"`;
  emit?.({ kind: 'step-noted', step, note, at: performance.now() });
}

/** A package that Go does not mention did not pass. */
function resultsOf(
  actions: readonly Action[],
  tested: Tested,
): { passed: Action[]; results: Map<Action, ActionResult> } {
  const results = new Map<Action, ActionResult>();
  const passed: Action[] = [];
  for (const action of actions) {
    const result = tested.get(action.words[0]!);
    if (result === undefined) continue;
    if (result.is !== 'fail') passed.push(action);
    results.set(action, toActionResult(result));
  }
  return { passed, results };
}

type Tested = ReadonlyMap<string, PackageResult>;

/** Then Go reports a failure that does not count. */
const hasQuarantined = (tested: Tested): boolean => [...tested.values()].some(({ is }) => is === 'quarantined');

/** ` (TestA, TestB)`; empty for a package that failed without a test. */
function namesOf({ is, tests }: PackageResult): string {
  const names = tests.filter((test) => test.is === is && !test.name.includes('/')).map(({ name }) => name);
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}

interface Watching {
  readonly watch: TestWatch;
  readonly root: string;
  readonly tested: Tested;
  /** By directory. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** A package without tests reads nothing. For all others there must be an observation. */
async function observedBy(
  passed: readonly Action[],
  step: ExecStep,
  { watch, root, tested, profiles }: Watching,
): Promise<Map<Action, Observed | Unobserved>> {
  const byDirectory = await watch.read();
  const of = (action: Action): Observed | Unobserved => {
    const result = tested.get(action.words[0]!);
    if (result?.is === 'flaky') return { unknown: `its tests failed before they passed${namesOf(result)}` };
    if (result?.is === 'quarantined') return { unknown: `tests in quarantine failed${namesOf(result)}` };
    if (result?.is === 'skip') return { files: [], listings: [], variables: [] };
    const directory = directoryOf(action, step, root);
    if (action.outputs.length > 0 && !profiles.has(directory)) return { unknown: 'it left no coverage profile' };
    return byDirectory.get(directory) ?? { unknown: 'it was not started by us (-exec?)' };
  };
  return new Map(passed.map((action) => [action, of(action)]));
}

function directoryOf(action: Action, { tests = {} }: ExecStep, root: string): string {
  const dir = tests[action.words[0]!]!;
  return dir === '.' ? root : `${root}/${dir}`;
}
