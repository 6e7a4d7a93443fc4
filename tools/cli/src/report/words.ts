import {
  counted,
  type CacheMoved,
  type CacheTraffic,
  type EventOf,
  type GoProgress,
  type Moved,
  type Outcome,
  type Plan,
} from '@slipway/model';
import { type TestRun, formatCounts } from '../tests/test-run.ts';

/** `0.4s`, `12s`, `3m05s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  if (seconds < 60) return `${Math.round(seconds)}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

/**
 * A failed step: its complete output, or the reason if it printed nothing. -n shows its call. The hint is printed once,
 * at the end.
 */
export const formatFailedStep = ({ step, output, outcome }: EventOf<'step-finished'>): string =>
  `failed    ${step.title}\n${output.trimEnd() || outcome.why}`;

/** `about 2m05s left`; undefined if unknown. */
export const formatLeft = (left: number | undefined): string | undefined =>
  left === undefined ? undefined : left < 1000 ? 'nearly done' : `about ${formatDuration(Math.max(1, left))} left`;

/** `1204 of 2210 packages (311 known), 3 of 17 links`. */
export function formatProgress({ packages, kept, links, library }: GoProgress): string {
  const said = [`${packages.done} of ${packages.total} packages${kept === 0 ? '' : ` (${kept} known)`}`];
  if (packages.done === 0 && library > 0) said.unshift(`${library} of Go's own library`);
  if (links.total > 0) said.push(`${links.done} of ${counted(links.total, 'link')}`);
  return said.join(', ');
}

/** For each reason why slipway did not keep a pass, the affected actions; undefined without any. */
export function formatNotKept({ parts = [] }: Outcome): string | undefined {
  const byReason = Map.groupBy(
    parts.filter(({ notKept }) => notKept !== undefined),
    ({ notKept }) => notKept,
  );
  const lines = [...byReason].map(([why, concerned]) => {
    const names = concerned.slice(0, MOST_NAMES).map(({ name }) => name);
    const more = concerned.length > names.length ? ` and ${concerned.length - names.length} more` : '';
    return `not kept  ${names.join(', ')}${more}: ${why}`;
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}

const MOST_NAMES = 4;

export function formatHeader(plan: Plan): string {
  const version = plan.gitVersion === '' ? '' : ` ${plan.gitVersion}`;
  return `slipway ${plan.targets.join(' ')}${version} (profile ${plan.profile})`;
}

/**
 * The last line: the number of steps by outcome, or of packages with their tests; the place of the results; the
 * duration.
 */
export function formatSummary(
  outcomes: readonly Outcome[],
  { ok, interrupted, milliseconds }: EventOf<'run-finished'>,
  { plan, tests }: { readonly plan: Plan | undefined; readonly tests: TestRun },
): string {
  const status = ok ? 'done' : interrupted ? 'stopped' : 'failed';
  const counts = Map.groupBy(outcomes, (outcome) => outcome.is);
  const order: readonly Outcome['is'][] = ['ran', 'restored', 'fresh', 'skipped', 'failed'];
  const words = order.flatMap((is) => (counts.has(is) ? [`${counts.get(is)!.length} ${is}`] : []));
  const said = formatCounts(tests) ?? words.join(', ');
  const line = `${status} in ${formatDuration(milliseconds)}${said === '' ? '' : `: ${said}`}`;
  return ok && plan !== undefined ? `${line}${formatResults(plan)}` : line;
}

/** The artifacts of a plan. */
export const artifactsOf = ({ steps }: Plan): string[] =>
  steps.flatMap(({ kind, outputs }) =>
    ['archive', 'compress', 'image', 'checksum', 'sbom', 'provenance'].includes(kind) ? outputs : [],
  );

/**
 * ` · 17 files in _output/local/bin/linux/amd64`, or the number of directories; for a release its artifacts, not their
 * parts.
 */
function formatResults(plan: Plan): string {
  const artifacts = artifactsOf(plan);
  const copied = plan.steps.flatMap((step) => (step.kind === 'copy' ? step.files.map(({ to }) => to) : []));
  const files = artifacts.length > 0 ? artifacts : copied;
  const dirs = [...new Set(files.map((file) => file.slice(0, file.lastIndexOf('/'))))];
  const removed = plan.steps.flatMap((step) => (step.kind === 'remove' ? step.paths : []));
  if (files.length === 0) return removed.length === 0 ? '' : ` · removed ${removed.join(', ')}`;
  return ` · ${counted(files.length, 'file')} in ${dirs.length === 1 ? dirs[0] : `${dirs.length} directories, ${dirs[0]} the first`}`;
}

/** ` · 3 restored from grpc://cache:9092 (40 MB), 2 written (12 MB)`; undefined without traffic. */
export function formatTraffic(traffic: CacheTraffic): string | undefined {
  const { url, hits, bytesRead, written, bytesWritten, unfinished, trouble } = traffic;
  const said = [
    ...(hits > 0 ? [`${hits} from there (${formatBytes(bytesRead)})`] : []),
    ...(written > 0 ? [`${written} written (${formatBytes(bytesWritten)})`] : []),
    ...(unfinished > 0 ? [`${unfinished} not written in time`] : []),
    ...(trouble === undefined ? [] : [`left alone, as ${trouble}`]),
  ];
  return said.length === 0 ? undefined : `cache     ${url}: ${said.join(', ')}`;
}

/** `12 MB of 70 MB`, or `12 MB` without a known total. */
export const formatMoved = ({ done, total }: Moved): string =>
  [done, ...(total === undefined ? [] : [total])].map(formatBytes).join(' of ');

/** `writing to grpc://cache:9092: 12 MB written, 3 records left`: the pending writes after the last step. */
export const formatWriting = ({ url, bytesWritten, unfinished }: CacheMoved): string =>
  `writing to ${url}: ${formatBytes(bytesWritten)} written, ${counted(unfinished, 'record')} left`;

/** `640 B`, `12 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
