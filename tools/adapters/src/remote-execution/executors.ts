import { throwIfInterrupted } from '../process/interrupted.ts';
import type { Server } from './server.ts';

/** Where actions run: one scheduler, which gets all of them, or nodes, each with as many as it may have. */
export interface Executors {
  readonly all: readonly Server[];
  /** The one with the least to do, of those that are not lost; waits for a free one. */
  take(signal: AbortSignal): Promise<Taken>;
}

export interface Taken extends Disposable {
  readonly server: Server;
  /** It did not answer: others are taken for a while. */
  lost(): void;
}

/** Milliseconds after which a lost one is tried again; twice as many the next time. */
const AWAY = 1000;
const LONGEST_AWAY = 30_000;

interface Node {
  readonly server: Server;
  running: number;
  lostUntil: number;
  losses: number;
}

export function spreadOver(all: readonly Server[], jobsEach: number): Executors {
  const most = all.length === 1 ? Infinity : jobsEach;
  const nodes: Node[] = all.map((server) => ({ server, running: 0, lostUntil: 0, losses: 0 }));
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const each of waiting) each();
  };
  const best = (): Node | undefined => {
    const now = performance.now();
    const well = nodes.filter(({ lostUntil }) => lostUntil <= now);
    // When all are lost, the first to come back is asked: whoever asks knows how long to go on.
    const among = well.length > 0 ? well : [nodes.toSorted((a, b) => a.lostUntil - b.lostUntil)[0]!];
    const least = among.reduce((a, b) => (b.running < a.running ? b : a));
    return least.running < most ? least : undefined;
  };
  return {
    all,
    async take(signal) {
      for (;;) {
        throwIfInterrupted(signal);
        const node = best();
        if (node !== undefined) return taken(node, wake);
        const free = Promise.withResolvers<void>();
        waiting.add(free.resolve);
        signal.addEventListener('abort', () => free.resolve(), { once: true });
        await free.promise;
        waiting.delete(free.resolve);
      }
    },
  };
}

function taken(node: Node, wake: () => void): Taken {
  node.running += 1;
  let isLost = false;
  return {
    server: node.server,
    lost() {
      isLost = true;
      node.lostUntil = performance.now() + Math.min(LONGEST_AWAY, AWAY * 2 ** node.losses);
      node.losses += 1;
    },
    [Symbol.dispose]() {
      node.running -= 1;
      if (!isLost) node.losses = 0;
      wake();
    },
  };
}
