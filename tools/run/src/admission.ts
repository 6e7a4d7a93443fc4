import type { ExecStep, Pool, Step } from '@slipway/model';

/** What the machine lets run together. */
export interface Limits {
  readonly jobs: Readonly<Record<Pool, number>>;
  /** Of steps for a cluster: how many it gets, and how many of them run here beside those. */
  readonly cluster?: { readonly jobs: number; readonly localJobs: number } | undefined;
  /** Bytes that can be used now. */
  availableMemory(): number;
}

/**
 * Where a step may start beside those that run: `undefined` where it has to wait. A step for a cluster that has no place for it is
 * taken here, as far as that was asked for: both take from one queue.
 */
export function placeToStart(step: Step, running: readonly Step[], limits: Limits): Step | undefined {
  if (!isRemote(step)) return mayStart(step, running, limits) ? step : undefined;
  const { jobs, localJobs } = limits.cluster ?? { jobs: 1, localJobs: 0 };
  if (running.filter(isRemote).length < jobs) return step;
  const here: ExecStep = { ...step, place: 'host' };
  const taken = running.filter((other) => isExec(other) && other.place === 'host' && other.pool === 'go').length;
  return taken < localJobs && mayStart(here, running, limits) ? here : undefined;
}

/**
 * Whether a step may start beside those that run: its pool has a place, and its memory is free. How much of its estimate a
 * running step has taken already is not known: half of it is held back for it. With nothing running of its pool a step
 * always starts: it queues, it never fails for lack of memory.
 */
function mayStart(step: Step, running: readonly Step[], limits: Limits): boolean {
  const inPool = running.filter((other) => other.pool === step.pool && !isRemote(other));
  if (inPool.length === 0) return true;
  if (inPool.length >= limits.jobs[step.pool]) return false;
  const reserved = inPool.filter(isExec).reduce((sum, other) => sum + other.memory, 0);
  return !isExec(step) || limits.availableMemory() >= step.memory + reserved / 2;
}

const isExec = (step: Step): step is ExecStep => step.kind === 'exec';
const isRemote = (step: Step): step is ExecStep => isExec(step) && step.place === 'remote';
