/** One file, directory or link of a tree. */
export interface Entry {
  readonly kind: 'file' | 'directory' | 'link';
  /** Permission bits; 0 for a link. */
  readonly mode: number;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Milliseconds; 0 for a directory, because only its entries count. */
  readonly modified: number;
  /** The target of a link. */
  readonly target?: string;
  /** Changes with every write, even if the time of modification is set back. Known only for files of this machine. */
  readonly stamp?: string;
}

export type Entries = ReadonlyMap<string, Entry>;

/** Milliseconds. A tar keeps nanoseconds, but not every file system does. */
const TICK = 2;

/**
 * Reports whether the file here is the one that was sent. For a file in the container, only the fields that rsync
 * compares are known.
 */
export function isSame(here: Entry, there: Entry): boolean {
  if (here.stamp !== undefined && there.stamp !== undefined && here.stamp !== there.stamp) return false;
  return (
    here.kind === there.kind &&
    here.mode === there.mode &&
    here.target === there.target &&
    (here.kind !== 'file' || (here.size === there.size && Math.abs(here.modified - there.modified) < TICK))
  );
}

/** The paths to send and to remove, so that `there` becomes equal to `here`. */
export function differences(here: Entries, there: Entries): { send: string[]; remove: string[] } {
  const send: string[] = [];
  const remove: string[] = [];
  for (const [path, entry] of here) {
    const other = there.get(path);
    if (other !== undefined && isSame(entry, other)) continue;
    send.push(path);
    if (other !== undefined && other.kind !== entry.kind) remove.push(path);
  }
  for (const path of there.keys()) if (!here.has(path)) remove.push(path);
  const gone = new Set(remove);
  return { send, remove: remove.filter((path) => !hasParentIn(path, gone)) };
}

function hasParentIn(path: string, paths: ReadonlySet<string>): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    if (paths.has(path.slice(0, end))) return true;
  return false;
}
