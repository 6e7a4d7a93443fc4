import { join } from 'node:path';
import { type TestEnd, counted, placeOf } from '@slipway/model';
import { type OutputNames, absolute } from '@slipway/plan';
import type { Services } from '../services.ts';
import type { TestRun, TestedPackage } from './test-run.ts';

/** Runs of one package in one tree, newest last. Known results that did not run are not included. */
export interface PackageHistory {
  readonly importPath: string;
  /** Relative to the root. */
  readonly dir: string;
  readonly runs: readonly PastRun[];
}

export interface PastRun {
  /** ISO 8601. */
  readonly time: string;
  readonly is: TestEnd;
  readonly seconds: number;
  /** Failed tests, including flaky and quarantined ones. */
  readonly failed: readonly string[];
}

/** Maximum number of runs kept for one package. */
const MOST_RUNS = 50;

export const historyDirectory = (root: string, names: OutputNames): string =>
  join(absolute(root, names.memory), 'test-history');

/** Adds the packages that ran, with the time. */
export async function noteHistory(
  run: TestRun,
  { directory, time }: { readonly directory: string; readonly time: Date },
  { files }: Pick<Services, 'files'>,
): Promise<void> {
  for (const tested of run.tested.filter(({ is }) => is === 'ran')) {
    const { importPath } = tested.result;
    const path = join(directory, `${placeOf(importPath)}.json`);
    const before = parseHistory((await files.readTextIfExists(path)) ?? '');
    const runs = [...(before?.runs ?? []), pastRun(tested, time)].slice(-MOST_RUNS);
    await files.writeFileWhole(path, `${JSON.stringify({ importPath, dir: tested.dir, runs })}\n`);
  }
}

function pastRun({ result: { is, seconds, tests } }: TestedPackage, time: Date): PastRun {
  const failed = tests.filter((test) => test.is !== 'pass' && test.is !== 'skip').map(({ name }) => name);
  return { time: time.toISOString(), is, seconds, failed };
}

/** Undefined for invalid text, which may be of another version. */
export function parseHistory(text: string): PackageHistory | undefined {
  try {
    const { importPath, dir, runs } = JSON.parse(text) as Partial<PackageHistory>;
    return importPath !== undefined && dir !== undefined && Array.isArray(runs) ? { importPath, dir, runs } : undefined;
  } catch {
    return undefined;
  }
}

/** The last runs, newest first, and how often they were flaky or failed. */
export function formatHistory({ importPath, runs }: PackageHistory): string[] {
  const ended = (is: TestEnd): number => runs.filter((run) => run.is === is).length;
  const times = runs.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  const share = (count: number): string => `${Math.round((count / runs.length) * 100)}%`;
  return [
    `${importPath}: ${counted(runs.length, 'run')}, ${ended('fail')} failed (${share(ended('fail'))}), ${ended('flaky')} flaky (${share(ended('flaky'))})${ended('quarantined') === 0 ? '' : `, ${ended('quarantined')} quarantined`}, median ${times[Math.floor(times.length / 2)]?.toFixed(3)}s`,
    ...runs
      .toReversed()
      .map(({ time, is, seconds, failed }) =>
        `  ${time.slice(0, 19).replace('T', ' ')}  ${is.padEnd(5)} ${seconds.toFixed(3).padStart(9)}s  ${failed.join(', ')}`.trimEnd(),
      ),
  ];
}
