import {
  type Action,
  type Environment,
  type ExecStep,
  FailureError,
  type PackageResult,
  type TestResult,
} from '@slipway/model';
import type { CommandResult } from '@slipway/adapters';
import { pathIn } from '../perform/path-in.ts';
import type { Performing } from '../perform/performing.ts';
import { callFor } from '../places/call.ts';
import { tell } from './known.ts';
import { withQuarantine } from './quarantine.ts';
import { TestEvents } from './test-events.ts';

export interface Testing {
  readonly step: ExecStep;
  readonly performing: Performing;
  /** Flags after `test`. */
  readonly flags: readonly string[];
  readonly env: Environment;
}

/** The combined result of one or several calls of `go test`. */
export interface Attempts {
  /** By import path. A package that failed and then passed is flaky. */
  readonly results: ReadonlyMap<string, PackageResult>;
  /** Output of Go that is not an event. */
  readonly said: string;
  /** How the last call ended, or that it was stopped. */
  readonly ended: CommandResult | FailureError;
}

/** Runs these packages, and the failing ones again up to the step's number of attempts. */
export async function runAttempts(testing: Testing, actions: readonly Action[]): Promise<Attempts> {
  const { step, performing } = testing;
  const results = new Map<string, PackageResult>();
  let attempt = await runOnce(testing, actions, results);
  for (let nth = 2; nth <= (step.attempts ?? 1); nth += 1) {
    const failed = actions.filter(({ words }) => mayPass(results.get(words[0]!)));
    if (failed.length === 0 || performing.signal.aborted) break;
    const again = await runOnce(testing, failed, results);
    attempt = { said: attempt.said + again.said, ended: again.ended };
  }
  return { ...attempt, results };
}

/** A compile error does not go away. */
const mayPass = (result: PackageResult | undefined): boolean =>
  result?.is === 'fail' && !/^FAIL\t\S+ \[(?:build|setup) failed\]$/m.test(result.output);

async function runOnce(
  { step, performing, flags, env }: Testing,
  actions: readonly Action[],
  results: Map<string, PackageResult>,
): Promise<Omit<Attempts, 'results'>> {
  const { plan, runner, signal } = performing;
  const { argv, cwd } = callFor(step, plan.places.host, { actions, flags });
  const onEnd = (ended: PackageResult): void => {
    // A stopped package did not fail.
    if (signal.aborted && ended.is === 'fail') return;
    const result = withQuarantine(ended, step.quarantine);
    const before = results.get(result.importPath);
    const now = before === undefined ? result : afterFailure(before, result);
    results.set(result.importPath, now);
    tell(step, now, 'ran', performing);
  };
  const onStart = (importPath: string): void =>
    performing.emit?.({ kind: 'package-testing', importPath, at: performance.now() });
  const events = new TestEvents(onEnd, { onStart, verbose: step.verbose });
  try {
    const ended = await runner.run({
      argv,
      cwd: pathIn(plan, cwd),
      env,
      signal,
      onLine: (line) => events.add(line),
      hidesCollector: true,
    });
    return { said: `${events.rest}${ended.stderr}`, ended };
  } catch (error) {
    // Results so far are kept.
    if (!signal.aborted || !(error instanceof FailureError)) throw error;
    return { said: events.rest, ended: error };
  }
}

/** Merges two results: each test that failed before and passes now is flaky, with the output of its failure. */
export function afterFailure(before: PackageResult, now: PackageResult): PackageResult {
  const failed = new Map(
    before.tests.filter(({ is }) => is === 'fail' || is === 'flaky').map((each) => [each.name, each]),
  );
  const tests = now.tests.map((test): TestResult => {
    const earlier = failed.get(test.name);
    return earlier === undefined || test.is !== 'pass' ? test : { ...test, is: 'flaky', output: earlier.output };
  });
  if (now.is === 'fail') return { ...now, tests };
  return { ...now, is: 'flaky', tests, output: failed.size === 0 ? before.output : now.output };
}
