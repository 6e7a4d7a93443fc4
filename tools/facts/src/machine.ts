import { arch, availableParallelism, freemem, platform } from 'node:os';
import type { Machine, Platform } from '@slipway/model';
import { readSystemText } from './disk.ts';

export function readMachine(): Machine {
  return {
    platform: hostPlatform(),
    cores: availableParallelism(),
    availableMemory: availableMemory(),
    now: Math.floor(Date.now() / 1000),
  };
}

const goSystems: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };
const goArchitectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  ppc64: 'ppc64le',
  loong64: 'loong64',
};

/** This machine's platform in Go's spelling. */
export const hostPlatform = (): Platform =>
  `${goSystems[platform()] ?? platform()}/${goArchitectures[arch()] ?? arch()}` as Platform;

/** Available bytes: the kernel's MemAvailable, or the rest of this cgroup's limit, whichever is less. */
export function availableMemory(): number {
  const limits = [
    memAvailable(readSystemText('/proc/meminfo') ?? ''),
    ...cgroupRooms(readSystemText('/proc/self/cgroup') ?? '', readSystemText),
  ];
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? freemem() : Math.max(0, Math.min(...known));
}

/** Bytes of `MemAvailable:    1234 kB`. */
export function memAvailable(meminfo: string): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

type ReadFile = (path: string) => string | undefined;

/** Limit minus usage for this process's cgroup and its parents. Droppable page cache counts as free. */
export function cgroupRooms(self: string, read: ReadFile): number[] {
  return self.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '') return levels('/sys/fs/cgroup', path).flatMap((dir) => room(dir, version2, read));
    return controllers!.split(',').includes('memory')
      ? levels('/sys/fs/cgroup/memory', path).flatMap((dir) => room(dir, version1, read))
      : [];
  });
}

interface MemoryFiles {
  readonly limit: string;
  readonly usage: string;
  /** The field in memory.stat. */
  readonly droppable: string;
}

const version2: MemoryFiles = { limit: 'memory.max', usage: 'memory.current', droppable: 'inactive_file' };
const version1: MemoryFiles = {
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  droppable: 'total_inactive_file',
};

/** More than any machine has. cgroup v1 expresses "no limit" as a number near 2^63. */
const NO_LIMIT = 2 ** 60;

function room(dir: string, files: MemoryFiles, read: ReadFile): number[] {
  const [limit, usage] = [read(`${dir}/${files.limit}`), read(`${dir}/${files.usage}`)].map((text) =>
    Number.parseInt(text ?? '', 10),
  );
  if (Number.isNaN(limit) || Number.isNaN(usage) || limit! >= NO_LIMIT) return [];
  const stat = new RegExp(`^${files.droppable} (\\d+)$`, 'm').exec(read(`${dir}/memory.stat`) ?? '')?.[1];
  return [limit! - usage! + Number(stat ?? 0)];
}

/** The directory of a cgroup and its parents. In a container the path may be missing, but its root exists. */
function levels(mount: string, path: string): string[] {
  const elements = path.split('/').filter((element) => element !== '');
  return Array.from({ length: elements.length + 1 }, (_, count) => [mount, ...elements.slice(0, count)].join('/'));
}
