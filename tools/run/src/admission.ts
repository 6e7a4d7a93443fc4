import type { ExecStep, Pool, Step } from '@slipway/model';

/** What the machine lets run together. */
export interface Limits {
  readonly jobs: Readonly<Record<Pool, number>>;
  /** Bytes that can be used now. */
  availableMemory(): number;
}

/**
 * Whether a step may start beside those that run: its pool has a place, and its memory is free. How much of its estimate a
 * running step has taken already is not known: half of it is held back for it. With nothing running of its pool a step
 * always starts: it queues, it never fails for lack of memory.
 */
export function mayStart(step: Step, running: readonly Step[], limits: Limits): boolean {
  const inPool = running.filter((other) => other.pool === step.pool);
  if (inPool.length === 0) return true;
  if (inPool.length >= limits.jobs[step.pool]) return false;
  const reserved = inPool.filter(isExec).reduce((sum, other) => sum + other.memory, 0);
  return !isExec(step) || limits.availableMemory() >= step.memory + reserved / 2;
}

const isExec = (step: Step): step is ExecStep => step.kind === 'exec';
