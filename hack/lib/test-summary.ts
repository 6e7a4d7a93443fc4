import type { NxRun, TaskRun } from './nx-tasks.ts';
import { suites } from './test-budget.ts';
import type { TestRecord } from './test-report.ts';

interface Results {
  readonly run: NxRun;
  readonly records: readonly TestRecord[];
  /** From start to end. */
  readonly minutes: number;
  /** Checked when given. */
  readonly minuteLimit: number | undefined;
}

export interface Summary {
  readonly text: string;
  readonly ok: boolean;
}

/**
 * What failed, whole; the time of each suite against its budget; the slowest tests; and one last line to count by. A
 * check that fails without being a test (types, lint …) counts as one failure there.
 */
export function summarize({ run, records, minutes, minuteLimit }: Results): Summary {
  const count = (outcome: TestRecord['outcome']): number =>
    records.filter((record) => record.outcome === outcome).length;
  const failedTasks = run.tasks.filter(({ ok }) => !ok);
  const failedChecks = failedTasks.filter(({ id }) => !/:(?:test|e2e)$/.test(id)).length;
  const late = minuteLimit !== undefined && minutes > minuteLimit;
  const lines = [
    ...(run.ok || failedTasks.length > 0 ? [] : [run.log.trimEnd(), 'error: Nx itself failed; what it said is above']),
    ...failedTasks.flatMap(({ id, output }) => ['', output?.trimEnd() ?? `> ${id} failed; see _output/test/nx.log`]),
    '',
    ...suites.map((suite) =>
      suiteLine(
        suite,
        run.tasks.filter(({ id }) => suite.tasks.test(id)),
      ),
    ),
    ...run.tasks
      .filter(({ id }) => !suites.some(({ tasks }) => tasks.test(id)))
      .map(({ id }) => `error: ${id} belongs to no suite of hack/lib/test-budget.ts`),
    ...slowest(records),
    ...failedTasks.map(({ id }) => `failed: ${id}   again: npm test -- ${id.slice(0, id.lastIndexOf(':'))}`),
    ...(late ? [`error: ${minutes.toFixed(1)} minutes, the limit is ${minuteLimit} (hack/lib/test-budget.ts)`] : []),
    ...(count('skipped') > 0 ? [`${count('skipped')} skipped`] : []),
    `${count('passed')} passed, ${count('failed') + failedChecks} failed`,
  ];
  const nothing = run.tasks.length === 0;
  return {
    text: (nothing ? [...lines.slice(0, -1), 'error: nothing was run', lines.at(-1)] : lines).join('\n'),
    ok: run.ok && !late && !nothing && count('failed') === 0,
  };
}

function suiteLine(
  { name, minutes }: { readonly name: string; readonly minutes: number },
  tasks: readonly TaskRun[],
): string {
  const ran = tasks.filter(({ cached }) => !cached);
  const spent = ran.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const counts = `${ran.length} run, ${tasks.length - ran.length} cached`;
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

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
