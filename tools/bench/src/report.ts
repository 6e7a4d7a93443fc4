import { cases } from './cases.ts';
import type { CaseResult } from './run-case.ts';
import { type Promised, type Spread, compareSeries, isKept, spreadOf } from './statistics.ts';

/** The measurements, with the machine and the tree. */
export interface Report {
  readonly tree: string;
  readonly go: string;
  readonly node: string;
  readonly cores: number;
  readonly runs: number;
  readonly commands: number;
  readonly results: readonly CaseResult[];
}

const promisedOf = (result: CaseResult): Promised => cases.find(({ name }) => name === result.name)!.promised;

/** For programs: every sample, and the figures from them. */
export function reportData(report: Report): unknown {
  return {
    ...report,
    results: report.results.map((result) => ({
      ...result,
      ...compareSeries(result.series),
      promised: promisedOf(result),
      kept: isKept(promisedOf(result), result.series),
    })),
  };
}

/** For readers. */
export function formatReport(report: Report): string {
  const { tree, go, node, cores, runs, commands, results } = report;
  const header = [
    'case',
    'compared with',
    'CPU ×',
    '(min–max)',
    'wall ×',
    'wall +s',
    'wall s',
    'CPU s',
    'peak MiB',
    'promise',
    'kept',
  ];
  const rows = results.map(formatResult);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const edited = results.flatMap((result) =>
    result.edited === undefined ? [] : [`${result.name} edited ${result.edited}`],
  );
  return [
    `${tree}: ${commands} binaries, ${go}, node ${node}, ${cores} cores; medians of ${runs} runs, taken in turn`,
    '',
    ...lines,
    '',
    ...edited,
    bytesLine(results),
    'Ratios, and wall, CPU and peak, are slipway / what it is compared with. Promises are for a tree of Kubernetes’ size.',
  ].join('\n');
}

function bytesLine(results: readonly CaseResult[]): string {
  const differing = [...new Set(results.flatMap((result) => result.differing))];
  return differing.length === 0
    ? 'Both sides made the same: binaries byte for byte, tarballs by name.'
    : `DIFFERENT: ${differing.join(', ')}`;
}

function formatResult(result: CaseResult): string[] {
  const { series, name } = result;
  const compared = compareSeries(series);
  const promised = promisedOf(result);
  const median = (values: readonly number[], digits: number): string =>
    values.length === 0 ? '' : spreadOf(values).median.toFixed(digits);
  const both = (of: (side: 'slipway' | 'byHand') => string): string =>
    [of('slipway'), of('byHand')].filter((text) => text !== '').join(' / ');
  return [
    name,
    result.against ?? 'nothing',
    compared?.cpuRatio.median.toFixed(3) ?? '',
    compared === undefined ? '' : formatRange(compared.cpuRatio),
    compared?.wallRatio.median.toFixed(3) ?? '',
    compared === undefined ? '' : signed(compared.wallDifference.median),
    both((side) =>
      median(
        series[side].map((sample) => sample.wall),
        2,
      ),
    ),
    both((side) =>
      median(
        series[side].map((sample) => sample.cpu),
        2,
      ),
    ),
    both((side) =>
      median(
        series[side].flatMap((sample) => (sample.memory === undefined ? [] : [sample.memory / 2 ** 20])),
        0,
      ),
    ),
    formatPromise(promised),
    isKept(promised, series) ? 'yes' : 'NO',
  ];
}

const formatRange = ({ least, most }: Spread): string => `(${least.toFixed(3)}–${most.toFixed(3)})`;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

function formatPromise({ cpuRatio, wallDifference, wallRatio, wall, memory }: Promised): string {
  const parts = [
    cpuRatio === undefined ? [] : [`CPU ≤ ${cpuRatio} ×`],
    wallDifference === undefined ? [] : [`wall ≤ +${wallDifference} s`],
    wallRatio === undefined ? [] : [`wall ≤ ${wallRatio} ×`],
    wall === undefined ? [] : [`wall ≤ ${wall} s`],
    memory === undefined ? [] : [`peak ≤ ${memory / 2 ** 20} MiB`],
  ];
  return parts.flat().join(', ');
}
