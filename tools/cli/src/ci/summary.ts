import type { Plan } from '@slipway/model';
import { formatDuration, formatHeader, formatSummary, formatTraffic } from '../report/words.ts';
import type { TestRun } from '../tests/test-run.ts';
import type { RunEnds, StepEnd } from './run-ends.ts';

/** Maximum number of failures with output, and of slowest steps. */
const MOST_FAILURES = 10;
const MOST_SLOW = 5;
/** Maximum characters of one failure's output. A job's summary may have a million bytes. */
const MOST_OUTPUT = 20_000;

/** A run in Markdown, for the summary page of a job. */
export function formatJobSummary(run: RunEnds, tests: TestRun, plan: Plan): string {
  const { end, failed, traffic } = run;
  const outcomes = run.steps.map(({ outcome }) => outcome);
  const ended = end === undefined ? 'stopped' : formatSummary(outcomes, end, { plan, tests });
  const cache = traffic && formatTraffic(traffic);
  const flaky = tests.tested.flatMap(({ result }) => (result.is === 'flaky' ? [result.importPath] : []));
  return [
    `### ${text(formatHeader(plan))}`,
    '',
    `${failed.length > 0 ? '❌' : end?.ok === true ? '✅' : '⚠️'} ${text(ended)}`,
    ...(cache === undefined ? [] : ['', text(cache)]),
    ...(flaky.length === 0 ? [] : ['', `Flaky: ${text(flaky.join(', '))}`]),
    ...failed.slice(0, MOST_FAILURES).flatMap(failure),
    ...(failed.length > MOST_FAILURES ? ['', `${failed.length - MOST_FAILURES} more failed.`] : []),
    ...slowest(run.steps),
    '',
    '',
  ].join('\n');
}

function failure({ step, outcome, output }: StepEnd): string[] {
  const said = output.trim() || outcome.why;
  const shown = said.length > MOST_OUTPUT ? `…\n${said.slice(-MOST_OUTPUT)}` : said;
  return ['', `<details open><summary>failed: ${text(step.title)}</summary>`, '', ...fenced(shown), '', '</details>'];
}

function slowest(steps: readonly StepEnd[]): string[] {
  const ran = steps.filter(({ outcome }) => outcome.is === 'ran' || outcome.is === 'failed');
  if (ran.length < 2) return [];
  const rows = ran
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, MOST_SLOW)
    .map(({ step, milliseconds }) => `| ${text(step.title)} | ${formatDuration(milliseconds)} |`);
  return ['', '| slowest steps | |', '| --- | --- |', ...rows];
}

/** A fence longer than any fence in the text. */
function fenced(lines: string): string[] {
  const longest = Math.max(2, ...[...lines.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, lines, fence];
}

/** Escapes a foreign line for Markdown, so that it starts no markup, mention or table cell. */
const text = (line: string): string =>
  line
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#~@]/g, (char) => `&#${char.charCodeAt(0)};`);
