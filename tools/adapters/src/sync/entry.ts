/** One file, directory or link of a tree. */
export interface Entry {
  readonly kind: 'file' | 'directory' | 'link';
  /** Permission bits; 0 for a link. */
  readonly mode: number;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Milliseconds; 0 for a directory, as only its entries count. */
  readonly modified: number;
  /** Where a link leads. */
  readonly target?: string;
  /** Changes with every write, whatever is done to the time of modification. Known of this machine's files only. */
  readonly stamp?: string;
}

export type Entries = ReadonlyMap<string, Entry>;

/** A tar keeps nanoseconds, but not every file system does. */
const TICK = 2;

/** Whether the file here is what was sent; there, only what rsync would look at is known. */
export function isSame(here: Entry, there: Entry): boolean {
  if (here.stamp !== undefined && there.stamp !== undefined && here.stamp !== there.stamp) return false;
  return (
    here.kind === there.kind &&
    here.mode === there.mode &&
    here.target === there.target &&
    (here.kind !== 'file' || (here.size === there.size && Math.abs(here.modified - there.modified) < TICK))
  );
}

/** What must be sent and removed to make `there` equal to `here`. */
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
