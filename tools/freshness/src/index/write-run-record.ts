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
  /** Compared as it is by `checkRunRecord`: our version, the arguments, the environment. */
  readonly key: string;
  /** What the next run gets back if nothing changed. */
  readonly payload: string;
  /** Files and directories (these for their names), absolute; those that are absent must stay so. */
  readonly inputs: Iterable<string>;
  /** Those of the inputs that may have another stat as long as they hold the same. */
  readonly byContent?: ((path: string) => boolean) | undefined;
  /** Taken as they are now: they must be there. */
  readonly outputs: Iterable<string>;
  /**
   * The index the run asked. Inputs are recorded as *it* saw them and not as they are now, so that an edit made while the run
   * went on is found by the next one.
   */
  readonly index: Pick<ContentIndex, 'look'>;
  readonly clock?: FileClock;
}

export type Written =
  | { readonly written: true; readonly suspects: number }
  | { readonly written: false; readonly why: string };

/** Replaces the record; where that cannot be done there is none afterwards, and the next run looks at everything. */
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

/** Before anything is written to outputs: a run that is killed leaves no record of the one before it. */
export function dropRunRecord(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    // Where nobody comes to it, a record is read by nobody.
    if (existsSync(file)) throw failureOfFileError(error, file);
  }
}

/** Milliseconds: as long as a tree that nobody builds is remembered. */
const MONTH = 30 * 24 * 3_600_000;
const DAY = 24 * 3_600_000;

/**
 * Removes what nobody wrote for a month from a directory that holds nothing but records: of trees that are gone, of former names.
 * It looks at them once a day, as there are as many of them as kinds of calls.
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
  /** What was read, when the stat does not prove that it is still there. */
  readonly suspect?: string | undefined;
  /** What decides when the stat is another one. */
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

/** False for what was absent. */
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
 * Gives for a path that is absent the topmost directory that is absent with it, which stands for all below: a C compiler looks for
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
  /** When the first output was looked at; most are older, and every reading of the clock writes. */
  readonly started: FileTime | undefined;
  readonly now: FileClock;
}

function addOutput(rows: Rows, path: string, { started, now }: Clocks): void {
  const stat = statSync(path);
  // Young files grow old in a moment, which is cheaper than reading a gigabyte of outputs now and again at every check.
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
