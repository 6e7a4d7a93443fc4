import type { NxRun, TaskRun } from './nx-tasks.ts';
import { unknownReason } from './skip-reasons.ts';
import { suites } from './test-budget.ts';
import type { TestRecord, TestReport } from './test-report.ts';

interface Results {
  readonly run: NxRun;
  readonly reports: readonly TestReport[];
  /** From start to end. */
  readonly minutes: number;
  /** Checked when given. */
  readonly minuteLimit: number | undefined;
  /** Whether a test may be skipped only for a reason of hack/lib/skip-reasons.ts. */
  readonly everyTest?: boolean;
}

export interface Summary {
  readonly text: string;
  readonly ok: boolean;
}

/**
 * The whole output of failed tasks; the time of each suite and its budget; the slowest tests; the reasons of skipped
 * tests; and a last line with the counts. A failed task counts at least once, also if it is not a test (types, lint …),
 * or if its tests did not end.
 */
export function summarize({ run, reports, minutes, minuteLimit, everyTest = false }: Results): Summary {
  const records = reports.flatMap((report) => report.records);
  const failedTasks = run.tasks.filter(({ ok }) => !ok);
  const troubles = [
    ...run.tasks.filter((task) => isSilent(task, reports)).map(({ id }) => `${id} wrote no report of its tests`),
    ...run.tasks.filter(({ id }) => suiteOf(id) === undefined).map(({ id }) => `${id} ${noSuite}`),
    ...(run.ok || failedTasks.length > 0 ? [] : ['Nx itself failed; what it said is above']),
    ...(run.tasks.length === 0 && run.ok ? ['nothing was run'] : []),
    ...(minuteLimit !== undefined && minutes > minuteLimit
      ? [`${minutes.toFixed(1)} minutes, the limit is ${minuteLimit} (hack/lib/test-budget.ts)`]
      : []),
    ...(everyTest ? strangelySkipped(records) : []),
  ];
  const unexplained = failedTasks.filter(({ id }) => !hasFailed(id, reports));
  const failed = count(records, 'failed') + unexplained.length + troubles.length;
  const skipped = count(records, 'skipped');
  const lines = [
    ...(run.ok || failedTasks.length > 0 ? [] : [run.log.trimEnd()]),
    ...failedTasks.flatMap(({ id, output }) => ['', output?.trimEnd() ?? `> ${id} failed; see _output/test/nx.log`]),
    '',
    ...suites.map((suite) => suiteLine(suite, run.tasks)),
    ...slowest(records),
    ...whySkipped(records),
    ...failedTasks.map(({ id }) => `failed: ${id}   again: npm test -- ${id.slice(0, id.lastIndexOf(':'))}`),
    ...troubles.map((trouble) => `error: ${trouble}`),
    `${count(records, 'passed')} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  ];
  return { text: lines.join('\n'), ok: run.ok && failed === 0 };
}

const noSuite = 'belongs to no suite of hack/lib/test-budget.ts';

const suiteOf = (id: string) => suites.find(({ tasks }) => tasks.test(id));

const count = (records: readonly TestRecord[], outcome: TestRecord['outcome']): number =>
  records.filter((record) => record.outcome === outcome).length;

/** Whether a task of tests passed and reported no test. */
const isSilent = ({ id, ok }: TaskRun, reports: readonly TestReport[]): boolean =>
  ok && /:(?:test|e2e)$/.test(id) && !reports.some(({ task }) => task === id);

const hasFailed = (id: string, reports: readonly TestReport[]): boolean =>
  reports.some(({ task, records }) => task === id && count(records, 'failed') > 0);

function suiteLine({ name, minutes, tasks }: (typeof suites)[number], all: readonly TaskRun[]): string {
  const mine = all.filter(({ id }) => tasks.test(id));
  const ran = mine.filter(({ cached }) => !cached);
  const spent = ran.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const counts = `${ran.length} run, ${mine.length - ran.length} cached`;
  const over = spent > minutes * 60_000 ? '   OVER BUDGET' : '';
  return `${name.padEnd(18)}${seconds(spent).padStart(9)} of ${String(minutes).padStart(2)} min   ${counts}${over}`;
}

function slowest(records: readonly TestRecord[]): string[] {
  const slow = records.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 3);
  return slow.map(
    ({ name, milliseconds }, index) =>
      `${(index === 0 ? 'slowest tests' : '').padEnd(18)}${seconds(milliseconds).padStart(9)}  ${name}`,
  );
}

/** Each reason once, with the number of its tests. */
function whySkipped(records: readonly TestRecord[]): string[] {
  const reasons = Map.groupBy(
    records.filter(({ outcome }) => outcome === 'skipped'),
    ({ why }) => why ?? 'no reason is given',
  );
  return [...reasons].map(([why, { length }]) => `skipped ${String(length).padStart(4)}: ${why}`);
}

/** Tests that were skipped for a reason that none of our machines may have. */
const strangelySkipped = (records: readonly TestRecord[]): string[] =>
  records
    .filter(({ outcome, why }) => outcome === 'skipped' && unknownReason(why) !== undefined)
    .map(({ name, why }) => `${name} was skipped: ${unknownReason(why)} (hack/lib/skip-reasons.ts)`);

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
