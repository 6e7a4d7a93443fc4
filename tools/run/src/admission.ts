import type { ExecStep, Pool, Step } from '@slipway/model';

/** The machine's limits for parallel steps. */
export interface Limits {
  readonly jobs: Readonly<Record<Pool, number>>;
  /** Limits of steps for a cluster: how many run there, and how many of them run here at the same time. */
  readonly cluster?: { readonly jobs: number; readonly localJobs: number } | undefined;
  /** Free memory in bytes. */
  availableMemory(): number;
}

/**
 * The place where a step may start now; `undefined` if it has to wait. If the cluster is full, its step may start here
 * within the user's limit: both take from one queue.
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
 * Reports whether a step may start: its pool has a place, and its memory is free. A running step may have used part of
 * its estimate already, so half of the estimate stays reserved for it. If nothing of its pool runs, a step always
 * starts: it may wait for memory but never fails for it.
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
