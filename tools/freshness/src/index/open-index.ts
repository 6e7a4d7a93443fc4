import { hash } from 'node:crypto';
import { readlinkSync, statSync } from 'node:fs';
import { hashNames, readContents, unknownDigest } from './content.ts';
import type { FileClock } from './file-clock.ts';
import { fileClock, isSettled } from './file-clock.ts';
import { listedPart } from './go-header.ts';
import type { KeptRows, Row } from './index-file.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import type { ContentIndex, FileStat, Look, Saved } from './port.ts';

export interface IndexOptions {
  /** Paths below are kept relative to it, so that a tree that was moved keeps what is known of it. */
  readonly root: string;
  /** The file system's time, for tests; otherwise `<file>.clock` is written to learn it. */
  readonly clock?: FileClock;
}

/** The index in `file`, empty if there is none that can be trusted. One per tree; processes may share it, the last to save wins. */
export function openIndex(file: string, options: IndexOptions): ContentIndex {
  return new Index(file, options.root, options.clock ?? fileClock(`${file}.clock`));
}

/** Rows nobody asked for during so many saves are dropped. */
const OLDEST = 50;

/** What is known of a path in this session. `digest` and `header` are filled in when asked for. */
interface Entry extends Found {
  /** What was known before of something with this very stat, or of something else that stood here. */
  readonly before: Row | undefined;
  digest: string | undefined;
  header: string | undefined;
  settled: boolean;
}

class Index implements ContentIndex {
  reads = 0;
  private readonly file: string;
  private readonly prefix: string;
  private readonly clock: FileClock;
  private readonly kept: KeptRows;
  private readonly entries = new Map<string, Entry>();
  /** What forgotten looks had learned, by key; undefined where nothing is to be kept. */
  private readonly learned = new Map<string, Row | undefined>();
  private dirty = false;

  constructor(file: string, root: string, clock: FileClock) {
    this.file = file;
    this.prefix = root.endsWith('/') ? root : `${root}/`;
    this.clock = clock;
    this.kept = readIndexFile(file);
  }

  digest(path: string): string {
    const entry = this.entry(path);
    return entry.kind === 'directory' ? 'directory' : this.content(path, entry);
  }

  names(dir: string): string {
    const entry = this.entry(dir);
    return entry.kind === 'file' ? 'file' : this.content(dir, entry);
  }

  header(path: string): string {
    const entry = this.entry(path);
    if (entry.kind === 'directory') return 'directory';
    const digest = this.content(path, entry);
    return entry.header ?? digest;
  }

  link(path: string): string | undefined {
    try {
      return hash('sha256', readlinkSync(path, 'latin1'), 'hex');
    } catch {
      return undefined;
    }
  }

  look(path: string): Look {
    const entry = this.entry(path);
    const digest = this.content(path, entry);
    return { stat: entry.stat, kind: entry.kind, digest, settled: entry.settled };
  }

  changed(among: Iterable<string> = this.entries.keys()): string[] {
    return [...among].filter((path) => {
      const entry = this.entries.get(path);
      return entry !== undefined && hasChanged(path, entry);
    });
  }

  paths(): string[] {
    return [...this.entries.keys()];
  }

  newContent(): string[] {
    return [...this.entries]
      .filter(([, { digest, before, kind }]) => kind === 'file' && digest !== undefined && digest !== before?.digest)
      .map(([path]) => path);
  }

  forget(paths: Iterable<string> = this.entries.keys()): void {
    for (const path of [...paths]) {
      const entry = this.entries.get(path);
      if (entry === undefined) continue;
      this.learned.set(this.key(path), rowOf(entry));
      this.entries.delete(path);
    }
  }

  save(): Saved {
    if (!this.dirty) return { saved: true };
    try {
      writeIndexFile(this.file, this.rows());
      this.dirty = false;
      return { saved: true };
    } catch (error) {
      return { saved: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  private entry(path: string): Entry {
    let entry = this.entries.get(path);
    if (entry === undefined) {
      entry = this.lookAt(path);
      this.entries.set(path, entry);
    }
    return entry;
  }

  private lookAt(path: string): Entry {
    const found = findAt(path);
    const before = this.before(this.key(path));
    const { stat } = found;
    if (stat === undefined) {
      if (before !== undefined) this.dirty = true;
      return {
        ...found,
        before: undefined,
        digest: found.kind === 'absent' ? 'absent' : unknownDigest(),
        header: undefined,
        settled: found.kind === 'absent',
      };
    }
    const same =
      before !== undefined &&
      before.settled &&
      before.directory === (found.kind === 'directory') &&
      sameStat(before, stat);
    if (same) return { ...found, before, digest: before.digest, header: before.header, settled: true };
    return { ...found, before, digest: undefined, header: undefined, settled: false };
  }

  private content(path: string, entry: Entry): string {
    if (entry.digest === undefined) {
      // Before reading: what is read is then at least as new as this.
      entry.settled = isSettled(entry.stat!, this.clock());
      this.dirty = true;
      this.reads++;
      entry.digest = (entry.kind === 'directory' ? hashNames(path) : this.hashFile(path, entry)) ?? unknownDigest();
    }
    return entry.digest;
  }

  private hashFile(path: string, entry: Entry): string | undefined {
    const contents = readContents(path, entry.stat!.size);
    if (contents === undefined) return undefined;
    const { before } = entry;
    if (before !== undefined && !before.directory && before.digest === contents.digest) entry.header = before.header;
    else if (contents.bytes !== undefined) {
      const part = listedPart(path, contents.bytes);
      if (part !== undefined) entry.header = hash('sha256', part, 'hex');
    }
    return contents.digest;
  }

  private before(key: string): Row | undefined {
    return this.learned.has(key) ? this.learned.get(key) : this.kept.find(key);
  }

  private key(path: string): string {
    return path.startsWith(this.prefix) ? path.slice(this.prefix.length) : path;
  }

  private rows(): Map<string, Row> {
    const rows = new Map<string, Row>();
    for (const path of this.kept.paths) {
      const row = this.kept.find(path)!;
      if (row.age < OLDEST) rows.set(path, { ...row, age: row.age + 1 });
    }
    const put = (key: string, row: Row | undefined) => (row === undefined ? rows.delete(key) : rows.set(key, row));
    for (const [key, row] of this.learned) put(key, row);
    for (const [path, entry] of this.entries) put(this.key(path), rowOf(entry));
    return rows;
  }
}

interface Found {
  readonly kind: Look['kind'];
  /** There for files and directories. */
  readonly stat: FileStat | undefined;
}

const ABSENT: Found = { kind: 'absent', stat: undefined };
const UNKNOWN: Found = { kind: 'unknown', stat: undefined };
const QUIET = { throwIfNoEntry: false } as const;

/** Links are followed: retargeting one, here or in a directory above, shows another inode. */
function findAt(path: string): Found {
  try {
    const stat = statSync(path, QUIET);
    if (stat === undefined) return ABSENT;
    if (stat.isFile()) return { kind: 'file', stat };
    return stat.isDirectory() ? { kind: 'directory', stat } : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

function sameStat(a: FileStat, b: FileStat): boolean {
  return a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.dev === b.dev;
}

function hasChanged(path: string, entry: Entry): boolean {
  const now = findAt(path);
  if (now.kind !== entry.kind || now.kind === 'unknown') return true;
  if (now.stat === undefined || entry.stat === undefined) return false;
  if (!sameStat(now.stat, entry.stat)) return true;
  // Nobody was told its content, or time alone proves that it is the same.
  if (entry.settled || entry.digest === undefined) return false;
  const digest = now.kind === 'directory' ? hashNames(path) : readContents(path, now.stat.size)?.digest;
  return digest !== entry.digest;
}

function rowOf({ stat, kind, digest, header, settled, before }: Entry): Row | undefined {
  if (stat === undefined || digest === undefined || digest.startsWith('unknown:'))
    return digest === undefined ? before : undefined;
  const { dev, ino, size, mtimeMs, ctimeMs } = stat;
  return { dev, ino, size, mtimeMs, ctimeMs, directory: kind === 'directory', settled, digest, header, age: 0 };
}
