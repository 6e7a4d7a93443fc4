import { throwIfInterrupted } from '../process/interrupted.ts';
import type { Server } from './server.ts';

/** The servers that run actions: one scheduler, which gets all of them, or several nodes, each with a limit. */
export interface Executors {
  readonly all: readonly Server[];
  /** Takes the server with the fewest actions that is not lost, and waits for a free one. */
  take(signal: AbortSignal): Promise<Taken>;
}

export interface Taken extends Disposable {
  readonly server: Server;
  /** The server did not answer, so others are taken for a while. */
  lost(): void;
}

/** Milliseconds after which a lost server is tried again. They double with each loss. */
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
    // If all are lost, the one with the shortest remaining time is tried. The caller decides when to give up.
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
