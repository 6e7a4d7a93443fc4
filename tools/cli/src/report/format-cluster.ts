import { type EventOf, counted } from '@slipway/model';
import { formatBytes, formatDuration } from './words.ts';

/** A cluster's part of a run: the amount of work, its time, and the traffic. */
export function formatCluster(
  { executed, here }: { readonly executed: readonly EventOf<'remote-executed'>[]; readonly here: number },
  { milliseconds }: EventOf<'run-finished'>,
): string {
  const sum = (of: (event: EventOf<'remote-executed'>) => number): number =>
    executed.reduce((all, each) => all + of(each), 0);
  const workers = new Set(executed.flatMap(({ worker }) => worker ?? [])).size;
  const cached = executed.filter((each) => each.cached).length;
  const work = sum(({ times, cached: isCached }) => (isCached ? 0 : times.executed));
  return [
    `cluster   ${counted(executed.length, 'action')}${workers > 1 ? ` on ${workers} workers` : ''}`,
    ...(here === 0 ? [] : [`${here} on this machine instead`]),
    ...(cached === 0 ? [] : [`${cached} known there`]),
    ...(work === 0 ? [] : [`${formatDuration(work)} of work in ${formatDuration(milliseconds)}`]),
    `${counted(
      sum(({ traffic }) => traffic.blobsUp),
      'file',
    )} (${formatBytes(sum(({ traffic }) => traffic.bytesUp))}) sent`,
    `${formatBytes(sum(({ traffic }) => traffic.bytesDown))} came back`,
  ].join(', ');
}
