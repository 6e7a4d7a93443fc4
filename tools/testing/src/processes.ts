import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { timeouts } from './timeouts.ts';

/** Waits until something holds; fails with `what` when it never does. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + timeouts.event;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await sleep(10);
  }
}

/** Why processes cannot be looked at here. */
export const whyNoProcesses = existsSync('/proc/self/environ')
  ? undefined
  : 'there is no /proc to look for processes in';

/** Command lines of the processes that were started in a directory or for it: it is in their environment. */
export function processesOf(directory: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const isOf = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(directory);
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return isOf && command !== '' ? [command] : [];
    } catch {
      // It ended meanwhile, or is somebody else's.
      return [];
    }
  });
}

/** Every process that was started by one, or by one of those, with how it was called. */
export function startedBy(pid: number): { pid: number; command: string }[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(Number(name));
      return stat === undefined ? [] : [{ pid: Number(name), ...stat }];
    });
  const below = (above: number): typeof parents =>
    parents.filter(({ parent }) => parent === above).flatMap((each) => [each, ...below(each.pid)]);
  return below(pid).map((each) => ({ pid: each.pid, command: each.command }));
}

/** A process that ended and that nobody has asked for is gone. */
export const isRunning = (pid: number): boolean => (readStat(pid)?.state ?? 'Z') !== 'Z';

function readStat(pid: number): { command: string; state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const [state = '', parent] = stat.slice(end + 2).split(' ');
    return { command: stat.slice(stat.indexOf('(') + 1, end), state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
