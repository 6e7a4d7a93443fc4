import { statSync } from 'node:fs';
import { hashNames, readContents } from './content.ts';
import type { AgedRow } from './index-file.ts';
import type { FileStat, Look } from './port.ts';

/** A look at a path, in the form in which it is kept. An empty digest was not needed yet. */
export class Entry implements AgedRow {
  readonly kind: Look['kind'];
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly age = 0;
  notRacy = false;
  digest = '';
  header: string | undefined = undefined;
  /** The saved index does not have this content. */
  renewed = false;

  constructor(kind: Look['kind'], stat: FileStat = NO_STAT) {
    this.kind = kind;
    this.dev = stat.dev;
    this.ino = stat.ino;
    this.size = stat.size;
    this.mtimeMs = stat.mtimeMs;
    this.ctimeMs = stat.ctimeMs;
  }

  get directory(): boolean {
    return this.kind === 'directory';
  }
}

const NO_STAT: FileStat = { dev: 0, ino: 0, size: 0, mtimeMs: 0, ctimeMs: 0 };

export function entryNow(path: string): Entry {
  let stat;
  try {
    // Links are followed. A retargeted link, here or in a parent directory, gives another inode.
    stat = statSync(path, QUIET);
  } catch {
    return new Entry('unknown');
  }
  const kind = stat === undefined ? 'absent' : stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'unknown';
  return new Entry(kind, stat);
}

const QUIET = { throwIfNoEntry: false } as const;

export function isThere(kind: Look['kind']): boolean {
  return kind === 'file' || kind === 'directory';
}

/** A write sets only one of the times, a read the other. */
export function wereTimesSet(path: string): boolean {
  const stat = statSync(path, { ...QUIET, bigint: true });
  return stat !== undefined && stat.atimeNs === stat.mtimeNs;
}

export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino && a.dev === b.dev;
}

export function hasChanged(path: string, entry: Entry): boolean {
  const now = entryNow(path);
  if (now.kind !== entry.kind || now.kind === 'unknown') return true;
  if (!sameStat(now, entry)) return true;
  // Nobody used its content, or its time proves that it is unchanged.
  if (entry.notRacy || entry.digest === '') return false;
  const digest = now.directory ? hashNames(path) : readContents(path, now.size)?.digest;
  return digest !== entry.digest;
}
