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
import type { CommandRequest, CommandResult, TestWatch } from '@slipway/adapters';
import { failureOfOutput } from '../failure-of-output.ts';
import { pathIn } from '../perform/path-in.ts';
import type { Performing, Running } from '../perform/performing.ts';
import { callFor } from '../places/call.ts';
import { formatFailedPackage } from './format-result.ts';
import { tell } from './known.ts';
import { keepProfile, removeProfiles } from './profiles.ts';
import { toActionResult } from './result.ts';
import { TestEvents } from './test-events.ts';

/** Runs `go test` for these actions on this machine: each gets its result, and what its test binary read. */
export async function runGoTest(step: ExecStep, running: Running, performing: Performing): Promise<Ran> {
  const { plan, signal, observer } = performing;
  const place = plan.places.host;
  const { env, unset } = callIn(step, place);
  const seen = Object.fromEntries(
    Object.entries({ ...plan.environment, ...env }).filter(([name]) => !unset.includes(name) || name in env),
  );
  if (observer === undefined) throw new Error(`run: ${step.id} runs tests, and nobody observes them`);
  const directories = running.actions.map((action) => directoryOf(action, step, place.root));
  const scratch = pathIn(plan, step.scratch!);
  // Tests see what Go's own call does.
  const environment = { ...seen, GOTMPDIR: scratch };
  const covers = running.actions.some(({ outputs }) => outputs.length > 0);
  await using watch = await observer.open({ scratch, environment, directories, covers, signal });
  const flags = ['-json', ...watch.flags, ...running.flags];
  const call = callFor(step, place, { ...running, flags });
  const events = new TestEvents((result) => tell(step, result, 'ran', performing));
  await removeProfiles(running.actions, performing);
  const result = await runToEnd(
    { argv: call.argv, cwd: pathIn(plan, call.cwd), env: seen, signal, onLine: (line) => events.add(line) },
    performing,
  );
  const { passed, results } = resultsOf(running.actions, events);
  const failed = running.actions.filter((action) => !passed.includes(action));
  const profiles = covers ? await watch.profiles() : new Map<string, string>();
  for (const action of running.actions)
    await keepProfile(action, profiles.get(directoryOf(action, step, place.root)), performing);
  const observed = await observedBy(passed, step, { watch, root: place.root, events, profiles });
  noteMissed(watch, step, performing);
  const told = failed.flatMap((action) => events.results.get(action.words[0]!) ?? []);
  const rest = `${events.rest}${result.stderr}`;
  const output = [...told.map(formatFailedPackage), told.length === failed.length ? '' : rest]
    .filter((text) => text !== '')
    .join('\n\n');
  const failure = 'stopped' in result ? result.stopped : failureOf(result);
  return { passed, results, observed, output, failure };

  function failureOf({ exit }: CommandResult): FailureError | undefined {
    if (failed.length === 0 && exit === 0) return undefined;
    if (told.length === 0)
      return new FailureError(failureOfOutput(step, plan, { ...(result as CommandResult), output: rest }));
    return new FailureError({ code: 'TESTS_FAILED', packages: told.map(failedTests), among: running.actions.length });
  }
}

/** Who stops the run in the middle is told of, so that what passed until then is kept. */
async function runToEnd(
  request: CommandRequest,
  { runner, signal }: Performing,
): Promise<CommandResult | { stopped: FailureError; stderr: '' }> {
  try {
    return await runner.run(request);
  } catch (error) {
    if (!signal.aborted || !(error instanceof FailureError)) throw error;
    return { stopped: error, stderr: '' };
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
  const note = `tests asked for ${missed.join(', ')}, which you have set and they did not get: SLIPWAY_TEST_ENVIRONMENT="${names}"`;
  emit?.({ kind: 'step-noted', step, note, at: performance.now() });
}

/** A package that Go says nothing of did not pass. */
function resultsOf(
  actions: readonly Action[],
  events: TestEvents,
): { passed: Action[]; results: Map<Action, ActionResult> } {
  const results = new Map<Action, ActionResult>();
  const passed: Action[] = [];
  for (const action of actions) {
    const result = events.results.get(action.words[0]!);
    if (result === undefined) continue;
    if (result.is !== 'fail') passed.push(action);
    results.set(action, toActionResult(result));
  }
  return { passed, results };
}

interface Watching {
  readonly watch: TestWatch;
  readonly root: string;
  readonly events: TestEvents;
  /** By directory. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** Of a package without tests nothing ran, so that it read nothing. Of all others something must have been told. */
async function observedBy(
  passed: readonly Action[],
  step: ExecStep,
  { watch, root, events, profiles }: Watching,
): Promise<Map<Action, Observed | Unobserved>> {
  const byDirectory = await watch.read();
  const of = (action: Action): Observed | Unobserved => {
    if (events.results.get(action.words[0]!)?.is === 'skip') return { files: [], listings: [], variables: [] };
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
