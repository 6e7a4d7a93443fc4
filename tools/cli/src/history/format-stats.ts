import { counted } from '@slipway/model';
import { formatDuration } from '../report/words.ts';
import type { PastRun } from './run-history.ts';

/** The number of runs listed. */
const MOST = 15;

const LEVELS = '▁▂▃▄▅▆▇█';

/** One column for each run, scaled by the logarithm of its duration. */
export function sparkline(values: readonly number[]): string {
  const logs = values.map((value) => Math.log(Math.max(1, value)));
  const [least, most] = [Math.min(...logs), Math.max(...logs)];
  return logs
    .map((value) => LEVELS[most === least ? 0 : Math.round(((value - least) / (most - least)) * (LEVELS.length - 1))])
    .join('');
}

/** The last runs of a tree, newest last: a row for each, and a line of their durations. */
export function formatStats(runs: readonly PastRun[]): string[] {
  if (runs.length === 0) return ['no run of this tree is remembered that had something to do'];
  const shown = runs.slice(-MOST);
  const rows = [HEAD, ...shown.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const times = runs.map(({ milliseconds }) => milliseconds);
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return [
    ...rows.map((row) =>
      row
        .map((cell, column) => (LEFT.has(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    ),
    '',
    `${counted(runs.length, 'run')}  ${sparkline(times)}  ${formatDuration(least)} to ${formatDuration(most)}`,
  ];
}

const HEAD = ['when', 'what', 'took', 'ended', 'made', 'known', 'compiled', 'linked', 'Go had'] as const;
const LEFT: ReadonlySet<number> = new Set([0, 1, 3]);

const rowOf = ({ time, targets, profile, is, milliseconds, counts, compiled, linked, kept }: PastRun): string[] => [
  time.slice(0, 16).replace('T', ' '),
  `${targets.join(' ')}${profile === 'dev' ? '' : ` (${profile})`}`,
  formatDuration(milliseconds),
  is,
  ...[counts.ran ?? 0, (counts.fresh ?? 0) + (counts.restored ?? 0), compiled, linked, kept].map(String),
];
