import { resolve } from 'node:path';
import { binaryPlaces, restoreBinaries } from '@slipway/inspect/binary-places';
import { type ExitCodeName, type Failure, FailureError } from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import { askingOf } from './asking-of.ts';
import { checkAside } from './check-output.ts';
import { affectedChecks } from './checks/affected-checks.ts';
import { CheckEnds, afterChecks } from './checks/after-checks.ts';
import { longestFirst } from './checks/longest-first.ts';
import { afterRun } from './ci/after-run.ts';
import { RunEnds } from './ci/run-ends.ts';
import { performPlan, planGoals } from './commands/build.ts';
import { type PastRun, RunLog, previousOf, readHistory, usualOf } from './history/run-history.ts';
import type { Planned } from './planned.ts';
import { keepEvents } from './report/keep-events.ts';
import { pageOf } from './report/page/page.ts';
import { reporterFor } from './report/reporter-for.ts';
import type { Reporter } from './report/reporter.ts';
import { traceOf } from './report/trace.ts';
import { watchMachine } from './report/watch-machine.ts';
import type { Asking, Services } from './services.ts';
import { afterTests } from './tests/after-tests.ts';
import { TestRun } from './tests/test-run.ts';
import { testedTree } from './tests/tested-tree.ts';
import { treeRoot } from './tree-root.ts';

/** Performs the request, reports its progress, and writes its reports. */
export async function perform(asked: Asking): Promise<ExitCodeName> {
  const { services: given } = asked;
  const history = await historyOf(given);
  using direct = await reporterFor(asked.line, given.environment, usualOf(history));
  const asking = askingOf(asked.line, { ...given, progress: direct.note ?? given.progress });
  const { services, line } = asking;
  const chosen = await affectedChecks(await planGoals(asking), asking);
  const planned = { ...chosen, plan: longestFirst(chosen.plan, usualOf(history)) };
  await checkAside(planned.plan.root, outputNames(line.variables), services);
  await restoreBinaries(
    binaryPlaces(planned.plan.root, outputNames(line.variables)),
    { onWait: () => services.progress('waiting for a comparison of this tree to end') },
    services.signal,
  );
  const tests = new TestRun();
  const log = new RunLog();
  const checks = new CheckEnds();
  const ends = new RunEnds();
  const reporter = ends.watching(log.watching(checks.watching(tests.watching(direct))));
  try {
    await both(
      () => performReported(planned, asking, reporter, history),
      async () => {
        await afterTests(tests, testedTree(planned), asking);
        await afterChecks(checks, planned, asking);
        await afterRun(ends, tests, planned, asking);
      },
    );
  } finally {
    await log.remember(new Date(), services);
  }
  return 'done';
}

/** The history of this tree. Errors of the tree are reported later, when it is read. */
async function historyOf(services: Services): Promise<readonly PastRun[]> {
  try {
    return await readHistory(treeRoot(services.cwd, services.environment), services);
  } catch {
    return [];
  }
}

/** With --report it writes a page about the run, and with --trace a file for Perfetto, also after a failure. */
async function performReported(planned: Planned, asking: Asking, reporter: Reporter, past: readonly PastRun[]) {
  const { line, services } = asking;
  const isKept = line.report || line.trace !== undefined;
  const kept = isKept ? keepEvents(reporter) : undefined;
  const told = kept ?? reporter;
  using _machine = isKept || reporter.isView === true ? watchMachine(told.emit) : undefined;
  try {
    await performPlan(planned, asking, told);
  } finally {
    const write = async (word: string, path: string, text: string): Promise<void> => {
      await services.files.writeFileWhole(path, text);
      if (!line.json) services.progress(`${word.padEnd(9)} ${path}`);
    };
    if (line.report)
      await write(
        'report',
        absolute(planned.plan.root, outputNames(line.variables).report),
        pageOf(kept!.events, previousOf(past, planned.plan)),
      );
    if (line.trace !== undefined) await write('trace', resolve(services.cwd, line.trace), traceOf(kept!.events));
  }
}

/** The second runs even if the first failed. Failures of both are reported. */
async function both(first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  const failures: Failure[] = [];
  for (const each of [first, second])
    try {
      await each();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      failures.push(...error.failures);
    }
  if (failures.length > 0) throw new FailureError(...failures);
}
