import { hash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import type { Memo, Seal } from '@slipway/adapters';
import { type Contents, WHOLE, hashNames, readContents, unknownDigest } from './content.ts';
import { Entry, entryNow, hasChanged, isThere, sameStat, wereTimesSet } from './entry.ts';
import type { FileClock, FileTime } from './file-clock.ts';
import { fileClock, isNotRacy } from './file-clock.ts';
import { type KnownHeaders, headerOf, knownHeaders } from './known-headers.ts';
import type { KeptRows } from './index-file.ts';
import { readIndexFile, writeIndexFile } from './index-file.ts';
import { type AheadLook, type LookAhead, lookAhead } from './look-ahead.ts';
import { hashed } from '../files/place.ts';
import { hasSetTime } from '../files/set-time.ts';
import { rowsToSave } from './rows-to-save.ts';
import type { ContentIndex, Look, Saved } from './port.ts';

/**
 * The index in `file`, empty if there is no trusted one. One for each tree. If processes share it, the last to save
 * wins.
 */
export function openIndex(file: string, options: IndexOptions): ContentIndex {
  return new Index(file, options);
}

export interface IndexOptions {
  /** Paths below it are stored relative to it, so that a moved tree keeps its index. */
  readonly root: string;
  /** Checks who wrote the file. */
  readonly seal: Seal;
  /** The file system's time, for tests. By default slipway writes `<file>.clock` to read it. */
  readonly clock?: FileClock;
  /** This user's headers, for all trees. The index asks it when it has to read many files. */
  readonly memo?: Memo | undefined;
}

/** After this many reads a thread saves time: a branch was switched, or times were set. */
const MANY_READS = 64;

class Index implements ContentIndex {
  reads = 0;
  private readonly file: string;
  private readonly seal: Seal;
  private readonly prefix: string;
  private readonly clock: FileClock;
  private readonly headers: KnownHeaders | undefined;
  private readonly kept: KeptRows;
  private readonly entries = new Map<string, Entry>();
  /** Forgotten looks, which are valid again for the same stat. */
  private readonly forgotten = new Map<string, Entry>();
  /** Set after many reads; cleared by `forget`, because then somebody wrote. */
  private ahead: LookAhead | undefined;
  /** The time before the first look ahead. */
  private aheadSince: FileTime | undefined;
  private mayLookAhead = true;
  private dirty = false;

  constructor(file: string, { root, seal, clock = fileClock(`${file}.clock`), memo }: IndexOptions) {
    this.file = file;
    this.seal = seal;
    this.prefix = root.endsWith('/') ? root : `${root}/`;
    this.clock = clock;
    this.headers = memo && knownHeaders(memo);
    this.kept = readIndexFile(file, seal);
  }

  digest(path: string): string {
    const entry = this.entry(path);
    return entry.kind === 'directory' ? 'directory' : this.content(path, entry);
  }

  async digestAside(path: string): Promise<string> {
    const entry = this.entry(path);
    if (entry.kind === 'file' && entry.digest === '' && entry.size >= WHOLE) {
      const notRacy = isNotRacy(entry, this.clock());
      const read = await hashed(path, entry.size).catch(() => undefined);
      if (read !== undefined && entry.digest === '') {
        entry.notRacy = notRacy;
        entry.digest = this.learn(path, entry, { digest: read.digest, bytes: undefined });
        this.dirty = true;
        this.reads++;
      }
    }
    return this.digest(path);
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
    const { kind, notRacy } = entry;
    return { stat: isThere(kind) ? entry : undefined, kind, digest, notRacy };
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
    return [...this.entries].filter(([, { renewed }]) => renewed).map(([path]) => path);
  }

  forget(paths: Iterable<string> = this.entries.keys()): void {
    this.stopLookingAhead();
    for (const path of [...paths]) {
      const entry = this.entries.get(path);
      if (entry === undefined) continue;
      if (entry.digest !== '') this.forgotten.set(path, entry);
      this.entries.delete(path);
    }
  }

  forgetWritten(path: string): void {
    const before = this.entries.get(path);
    this.forget([path]);
    if (before?.kind !== 'file' || before.digest === '' || !wereTimesSet(path)) return;
    const now = entryNow(path);
    if (now.dev !== before.dev || now.ino !== before.ino || now.size !== before.size) return;
    now.digest = before.digest;
    now.header = before.header;
    now.notRacy = isNotRacy(now, this.clock());
    this.entries.set(path, now);
    this.dirty = true;
  }

  notePlaced(path: string, { digest, size }: { readonly digest: string; readonly size: number }): void {
    this.forget([path]);
    const now = entryNow(path);
    if (now.kind !== 'file' || now.size !== size || !hasSetTime(path)) return;
    now.digest = digest;
    // A write would set a time of the clock, also in this tick.
    this.know(path, now);
  }

  noteLinked(path: string): void {
    const before = this.entries.get(path);
    this.forget([path]);
    if (before === undefined || before.digest === '' || !before.notRacy) return;
    const now = entryNow(path);
    if (now.kind !== before.kind || !sameStat({ ...now, ctimeMs: before.ctimeMs }, before)) return;
    now.digest = before.digest;
    now.header = before.header;
    this.know(path, now);
  }

  private know(path: string, entry: Entry): void {
    entry.notRacy = true;
    this.entries.set(path, entry);
    this.dirty = true;
  }

  save(): Saved {
    if (!this.dirty) return { saved: true };
    try {
      const { kept, entries, forgotten } = this;
      writeIndexFile(this.file, rowsToSave({ kept, entries, forgotten, keyOf: (path) => this.key(path) }), this.seal);
      this.dirty = false;
      this.headers?.save();
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
    const row = this.kept.find(this.key(path));
    const ahead = row === undefined ? undefined : this.ahead?.take(row);
    if (row !== undefined && ahead !== undefined) return this.seenAhead(row, ahead);
    const entry = entryNow(path);
    const old = this.forgotten.get(path);
    if (!isThere(entry.kind)) {
      entry.digest = entry.kind === 'absent' ? 'absent' : unknownDigest();
      entry.notRacy = entry.kind === 'absent';
      this.dirty ||= row !== undefined;
    } else if (old !== undefined) {
      if (old.notRacy && old.kind === entry.kind && sameStat(old, entry)) return old;
    } else if (row !== undefined && this.kept.proves(row, entry, entry.directory)) {
      entry.digest = this.kept.digest(row);
      entry.header = this.kept.header(row);
      entry.notRacy = true;
    }
    return entry;
  }

  private seenAhead(row: number, { stat, read }: AheadLook): Entry {
    const known = this.kept.row(row);
    const entry = new Entry(known.directory ? 'directory' : 'file', stat);
    entry.digest = known.digest;
    entry.header = known.header;
    entry.notRacy = !read || isNotRacy(stat, this.aheadSince);
    if (read) {
      this.dirty = true;
      this.reads++;
    }
    return entry;
  }

  private content(path: string, entry: Entry): string {
    if (entry.digest === '') {
      // Before reading, so that the content is at least as new as this.
      entry.notRacy = isNotRacy(entry, this.clock());
      entry.digest = (entry.directory ? hashNames(path) : this.hashFile(path, entry)) ?? unknownDigest();
      this.dirty = true;
      this.reads++;
      if (this.reads === MANY_READS) this.lookAhead();
    }
    return entry.digest;
  }

  private lookAhead(): void {
    if (!this.mayLookAhead) return;
    this.aheadSince = this.clock();
    this.ahead = lookAhead(this.kept.table, this.prefix);
  }

  private stopLookingAhead(): void {
    this.ahead?.stop();
    this.ahead = undefined;
    this.mayLookAhead = false;
  }

  private hashFile(path: string, entry: Entry): string | undefined {
    const contents = readContents(path, entry.size);
    return contents && this.learn(path, entry, contents);
  }

  private learn(path: string, entry: Entry, contents: NonNullable<Contents>): string {
    const row = this.kept.find(this.key(path));
    if (row !== undefined && this.kept.digest(row) === contents.digest) {
      entry.header = this.kept.header(row);
      return contents.digest;
    }
    entry.renewed = true;
    const { bytes, digest } = contents;
    if (bytes !== undefined)
      entry.header =
        this.headers === undefined || this.reads < MANY_READS
          ? headerOf(path, bytes)
          : this.headers.of(path, digest, bytes);
    return contents.digest;
  }

  private key(path: string): string {
    return path.startsWith(this.prefix) ? path.slice(this.prefix.length) : path;
  }
}
