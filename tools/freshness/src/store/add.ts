import { chmod, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FailureError, failureMessage } from '@slipway/model';
import { failureOfFileError } from '@slipway/adapters';
import type { StoreLayout } from './layout.ts';
import { isOwn } from './owner.ts';
import { CopyError, copyVerified, prepareDirectory } from '../files/place.ts';
import type { Addition, FileToStore, StoredFile, StoreRecord } from './port.ts';
import { AN_HOUR } from './prune.ts';
import { formatRecord, isFileName, modeOf } from './record.ts';
import { errorCode, withTemporary } from '@slipway/adapters';
import { addToSize } from './sizes.ts';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** A reason other than the disk for not adding. */
class Refusal extends Error {}

export interface AddRequest {
  readonly layout: StoreLayout;
  readonly record: Omit<StoreRecord, 'files' | 'written'>;
  readonly files: readonly FileToStore[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly maxBytes: number;
}

export async function addRecord(request: AddRequest): Promise<Addition> {
  const path = request.layout.record(request.record.key);
  try {
    return { added: true, why: '', files: await addAll(request, path) };
  } catch (error) {
    return { added: false, why: whyNot(error, path), files: [] };
  }
}

/** Copies all files before it renames the first, so that a full disk keeps none of them. */
async function addAll(
  { layout, record, files, now, maxBytes }: AddRequest,
  path: string,
): Promise<readonly StoredFile[]> {
  const sources = await Promise.all(files.map((file) => sourceOf(file)));
  if (new Set(files.map(({ name }) => name)).size !== files.length) throw new Refusal('two files have one name');
  const size = sources.reduce((sum, source) => sum + source.before.size, 0);
  if (size > maxBytes) throw new Refusal(`${size} bytes are more than the store may have (${maxBytes})`);
  return keep({ layout, path, now }, async (temporary) => {
    const copies = await allSettled(sources.map((source, i) => copyIn(layout, source, join(temporary, `${i}`))));
    const stored = copies.map((copy) => copy.file);
    return { copies, record: { ...record, written: Math.floor(now / 1000), files: stored } };
  });
}

interface Receiving {
  readonly layout: StoreLayout;
  readonly record: StoreRecord;
  readonly now: number;
  readonly maxBytes: number;
}

/** See ReceivingStore. Files that the store already has are not fetched. */
export async function receiveRecord(
  { layout, record, now, maxBytes }: Receiving,
  fetch: (file: StoredFile, to: string) => Promise<void>,
): Promise<boolean> {
  if (record.files.reduce((sum, file) => sum + file.size, 0) > maxBytes) return false;
  await keep({ layout, path: layout.record(record.key), now }, async (temporary) => ({
    copies: await allSettled(
      record.files.map(async (file, i): Promise<Copy> => {
        if (await hasFile(layout, file.digest, file.size)) return { file, temporary: undefined };
        const to = join(temporary, `${i}`);
        await fetch(file, to);
        return { file, temporary: to };
      }),
    ),
    record,
  }));
  return true;
}

interface Keeping {
  readonly layout: StoreLayout;
  /** The path of the record. */
  readonly path: string;
  readonly now: number;
}

async function keep(
  { layout, path, now }: Keeping,
  bring: (temporary: string) => Promise<{ readonly copies: readonly Copy[]; readonly record: StoreRecord }>,
): Promise<readonly StoredFile[]> {
  makeDirectories(dirname(layout.temporaries), 0o700);
  await prepareDirectory(layout.temporaries, AN_HOUR);
  return withTemporary(join(layout.temporaries, basename(path)), async (temporary) => {
    await mkdir(temporary);
    const { copies, record } = await bring(temporary);
    let added = 0;
    for (const copy of copies) added += await nameCopy(layout, copy);
    added += await writeWhole(path, formatRecord(record), { temporary: join(temporary, 'record'), now });
    await rm(temporary, { recursive: true, force: true });
    await addToSize(layout, added).catch(() => {});
    return record.files;
  });
}

interface Source extends FileToStore {
  readonly before: Stats;
}

async function sourceOf(file: FileToStore): Promise<Source> {
  if (!isFileName(file.name)) throw new Refusal(`${JSON.stringify(file.name)} is not the name of a file in a record`);
  const before = await stat(file.path);
  if (!before.isFile()) throw new Refusal(`${file.path} is not a file`);
  return { ...file, before };
}

interface Copy {
  readonly file: StoredFile;
  /** Undefined: the store already has it. */
  readonly temporary: string | undefined;
}

async function copyIn(layout: StoreLayout, source: Source, temporary: string): Promise<Copy> {
  const { name, path, digest, before } = source;
  const known = digest !== undefined && (await hasFile(layout, digest, before.size));
  const copy = known ? { digest, size: before.size } : await copyVerified(path, temporary, before.size);
  const after = await stat(path);
  if (after.ino !== before.ino || after.mtimeMs !== before.mtimeMs || copy.size !== before.size)
    throw new Refusal(`${path} changed while it was read`);
  if (digest !== undefined && copy.digest !== digest) throw new Refusal(`${path} changed after it was built`);
  return {
    file: { name, digest: copy.digest, size: copy.size, mode: modeOf(before.mode) },
    temporary: known ? undefined : temporary,
  };
}

/** Refreshes the time of a file of the right size, so that no pruning removes it before the record names it. */
async function hasFile(layout: StoreLayout, digest: string, size: number): Promise<boolean> {
  const path = layout.file(digest);
  const found = await stat(path).catch(() => undefined);
  if (found?.size !== size || !isOwn(found)) return false;
  const now = Date.now() / 1000;
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** Replaces an existing file, which may be damaged. Returns the added bytes. */
async function nameCopy(layout: StoreLayout, { file, temporary }: Copy): Promise<number> {
  if (temporary === undefined) return 0;
  const path = layout.file(file.digest);
  makeDirectories(dirname(path));
  const present = await stat(path).catch(() => undefined);
  await chmod(temporary, 0o444);
  await rename(temporary, path);
  return file.size - (present?.size ?? 0);
}

/** The time of a record is its last use, by the clock of later uses. Returns the added bytes. */
async function writeWhole(
  path: string,
  text: string,
  { temporary, now }: { readonly temporary: string; readonly now: number },
): Promise<number> {
  makeDirectories(dirname(path));
  await writeFile(temporary, text);
  await utimes(temporary, now / 1000, now / 1000);
  await rename(temporary, path);
  return Buffer.byteLength(text);
}

/** Waits for all, so that after a failure nothing is still written to removed files. */
async function allSettled<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function whyNot(error: unknown, path: string): string {
  if (error instanceof Refusal) return error.message;
  if (errorCode(error) === undefined) throw error;
  const inOurs = error instanceof CopyError && error.side === 'to';
  const failure = failureOfFileError(error, inOurs ? path : ((error as NodeJS.ErrnoException).path ?? path));
  return failure instanceof FailureError
    ? failure.failures.map((one) => failureMessage(one)).join('; ')
    : (error as Error).message;
}
