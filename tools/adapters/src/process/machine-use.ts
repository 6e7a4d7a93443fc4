import { readFileSync, readdirSync } from 'node:fs';

/** The current resource use of this process and everything it started. */
export interface MachineUse {
  /** CPU seconds since each began, including ended ones. */
  readonly cpuSeconds: number;
  /** Bytes of memory. */
  readonly memory: number;
}

/** Clock ticks a second and bytes of a page on all Linux machines that Go supports. */
const TICKS = 100;
const PAGE = 4096;

interface Process {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/** Undefined on systems without the data (all but Linux). */
export function machineUse(): MachineUse | undefined {
  if (process.platform !== 'linux') return undefined;
  const processes = new Map(
    readdirSync('/proc').flatMap((name): [number, Process][] => {
      const found = /^\d+$/.test(name) ? readProcess(name) : undefined;
      return found === undefined ? [] : [[Number(name), found]];
    }),
  );
  const isOurs = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = processes.get(at)?.parent)
      if (at === process.pid) return true;
    return false;
  };
  const ours = [...processes].filter(([pid]) => isOurs(pid)).map(([, one]) => one);
  return {
    cpuSeconds: ours.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS,
    memory: ours.reduce((sum, { pages }) => sum + pages, 0) * PAGE,
  };
}

/**
 * proc(5): the fields after the name, which may contain any character. Undefined for a process that ended meanwhile.
 */
function readProcess(pid: string): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user, system, childUser, childSystem] = fields.slice(11, 15);
    return { parent: fields[1]!, ticks: user! + system! + childUser! + childSystem!, pages: fields[21]! };
  } catch {
    return undefined;
  }
}
