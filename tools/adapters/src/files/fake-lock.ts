import { interruptedBy, throwIfInterrupted } from '../process/interrupted.ts';
import type { AcquireLock, LockHolder } from './port.ts';

export interface FakeLocks {
  readonly acquireLock: AcquireLock;
  /** `acquire /path` and `release /path`, in order. */
  readonly calls: readonly string[];
}

/** Locks between callers of one process. */
export function fakeLocks(): FakeLocks {
  const calls: string[] = [];
  const holders = new Map<string, { readonly holder: LockHolder; readonly released: Promise<void> }>();
  const acquireLock: AcquireLock = async (path, waiting, signal) => {
    throwIfInterrupted(signal);
    let told = false;
    for (let present = holders.get(path); present !== undefined; present = holders.get(path)) {
      if (!told) waiting.onWait(present.holder);
      told = true;
      throwIfInterrupted(signal);
      await Promise.race([present.released, ...(signal === undefined ? [] : [raised(signal)])]);
    }
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    holders.set(path, { holder: { pid: 1, command: 'fake', since: 0 }, released });
    calls.push(`acquire ${path}`);
    return {
      async renew() {},
      async remove() {},
      async [Symbol.asyncDispose]() {
        calls.push(`release ${path}`);
        holders.delete(path);
        release();
      },
    };
  };
  return { acquireLock, calls };
}

const raised = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(interruptedBy(signal)), { once: true }));
