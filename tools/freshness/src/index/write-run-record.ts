import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failureOfFileError } from '@slipway/adapters';
import { encodeRunRecord } from './check-run-record.ts';
import { hashNames, readContents } from './content.ts';
import type { FileClock, FileTime } from './file-clock.ts';
import { fileClock, isNotRacy } from './file-clock.ts';
import type { ContentIndex, FileStat } from './port.ts';
import { writeWhole } from './write-whole.ts';

export interface FinishedRun {
  /** `checkRunRecord` compares it: slipway's version, the arguments, the environment. */
  readonly key: string;
  /** The data for the next run if nothing changed. */
  readonly payload: string;
  /** Files and directories (compared by names), absolute. Missing ones must stay missing. */
  readonly inputs: Iterable<string>;
  /** Selects the inputs that may have another stat if their content is the same. */
  readonly byContent?: ((path: string) => boolean) | undefined;
  /** Recorded as they are now. They must exist. */
  readonly outputs: Iterable<string>;
  /**
   * The index of the run. Inputs are recorded as *it* saw them and not as they are now, so that the next run detects an
   * edit made during the run.
   */
  readonly index: Pick<ContentIndex, 'look'>;
  readonly clock?: FileClock;
}

export type Written =
  | { readonly written: true; readonly suspects: number }
  | { readonly written: false; readonly why: string };

/** Replaces the record. If that fails, the old one is removed, and the next run checks everything. */
export function writeRunRecord(file: string, run: FinishedRun): Written {
  try {
    const rows = new Rows();
    const outputs = new Set(run.outputs);
    const now = run.clock ?? fileClock(`${file}.clock`, 0);
    const started = now();
    for (const path of outputs) addOutput(rows, path, { started, now });
    const topmostAbsent = absences();
    const absent = new Set<string>();
    for (const path of new Set(run.inputs))
      if (!outputs.has(path) && !addPresent(rows, path, run)) absent.add(topmostAbsent(path));
    for (const path of absent) rows.add(path, undefined);
    writeWhole(
      file,
      encodeRunRecord({
        file,
        key: run.key,
        payload: run.payload,
        paths: rows.paths,
        stats: Float64Array.from(rows.stats),
        digests: rows.digests(),
        suspects: rows.suspects,
      }),
    );
    return { written: true, suspects: rows.suspects.length };
  } catch (error) {
    dropRunRecord(file);
    return { written: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Called before outputs are written, so that a killed run leaves no old record. */
export function dropRunRecord(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    // If the directory cannot be reached, nobody can read the record either.
    if (existsSync(file)) throw failureOfFileError(error, file);
  }
}

/** Milliseconds. Records of a tree that nobody builds are kept this long. */
const MONTH = 30 * 24 * 3_600_000;
const DAY = 24 * 3_600_000;

/**
 * Removes files that nobody wrote for a month from a directory of records: those of removed trees, and those with
 * former names. It does so once a day, because there are as many records as kinds of calls.
 */
export function dropOldRecords(directory: string): void {
  const looked = join(directory, 'looked');
  try {
    const before = statSync(looked, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Math.abs(Date.now() - before) < DAY) return;
    writeFileSync(looked, '');
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isFile() && Date.now() - statSync(path).mtimeMs > MONTH) rmSync(path, { force: true });
    }
  } catch {
    // Another process does the same.
  }
}

interface Deciding {
  /** The content that was read, if the stat does not prove that it is unchanged. */
  readonly suspect?: string | undefined;
  /** The content to compare if the stat differs. */
  readonly digest?: string | undefined;
}

class Rows {
  readonly paths: string[] = [];
  readonly stats: number[] = [];
  readonly suspects: [number, string][] = [];
  readonly #digests: string[] = [];

  add(path: string, stat: FileStat | undefined, { suspect, digest = NONE }: Deciding = {}): void {
    if (suspect !== undefined) this.suspects.push([this.paths.length, suspect]);
    this.paths.push(path);
    this.#digests.push(digest);
    if (stat === undefined) this.stats.push(-1, -1, -1, -1, -1);
    else this.stats.push(stat.dev, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs);
  }

  digests(): Buffer {
    return Buffer.from(this.#digests.join(''), 'hex');
  }
}

const NONE = '0'.repeat(64);

/** False for a missing path. */
function addPresent(rows: Rows, path: string, { index, byContent }: Pick<FinishedRun, 'index' | 'byContent'>): boolean {
  const { stat, kind, digest, notRacy } = index.look(path);
  if (kind === 'unknown' || digest.startsWith('unknown:')) throw new Error(`${path} cannot be read`);
  if (stat === undefined) return false;
  rows.add(path, stat, {
    suspect: notRacy ? undefined : digest,
    digest: byContent?.(path) === true ? digest : undefined,
  });
  return true;
}

/**
 * Maps a missing path to its topmost missing directory, which stands for everything below. A C compiler searches
 * thousands of headers in directories that do not exist.
 */
function absences(): (path: string) => string {
  const present = new Map<string, boolean>();
  const isPresent = (path: string): boolean => {
    let known = present.get(path);
    if (known === undefined) present.set(path, (known = existsSync(path)));
    return known;
  };
  const topmost = (path: string): string => {
    const above = dirname(path);
    return above === path || isPresent(above) ? path : topmost(above);
  };
  return topmost;
}

interface Clocks {
  /** The time of the first output's look. Most outputs are older, and every reading of the clock writes a file. */
  readonly started: FileTime | undefined;
  readonly now: FileClock;
}

function addOutput(rows: Rows, path: string, { started, now }: Clocks): void {
  const stat = statSync(path);
  // Waits until young files are old enough, which is cheaper than reading a gigabyte of outputs now and at every check.
  let isOld = isNotRacy(stat, started);
  for (let tries = 0; tries < 3 && !isOld && isYoung(stat, now()); tries++) {
    pause();
    isOld = isNotRacy(stat, now());
  }
  if (isOld) {
    const again = statSync(path);
    if (again.ctimeMs !== stat.ctimeMs || again.ino !== stat.ino) throw new Error(`${path} is being written`);
    return rows.add(path, stat);
  }
  const digest = readContents(path, stat.size)?.digest ?? hashNames(path);
  if (digest === undefined) throw new Error(`${path} cannot be read`);
  rows.add(path, stat, { suspect: digest });
}

function isYoung(stat: FileStat, time: FileTime | undefined): boolean {
  return time !== undefined && stat.dev === time.dev && Math.max(stat.ctimeMs, stat.mtimeMs) < time.ms + PAUSE;
}

const PAUSE = 12;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}
