import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Meter, limits } from '@slipway/model';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { type Entry, type ZipFile, openPromise } from '../zip/zip-file.ts';

/** An invalid module zip: broken, or with files outside its directory. */
export class BadZip extends Error {}

const WORKERS = 8;

export interface ModuleZip {
  readonly zip: string;
  /** `<module>@<version>/` */
  readonly prefix: string;
  readonly directory: string;
  /** Gets the progress of its files in bytes. */
  readonly meter?: Meter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks a module's zip into `directory`, without the common prefix of its names, and returns its hash in go.sum's
 * format (golang.org/x/mod/sumdb/dirhash, Hash1). The caller must compare the hash before it uses the files.
 */
export async function unpackModuleZip({ zip, prefix, directory, signal, meter }: ModuleZip): Promise<string> {
  const file = await openPromise(zip, { autoClose: false, strictFileNames: true }).catch(asBadZip);
  try {
    const entries = await readEntries(file, prefix).catch(asBadZip);
    for (const { uncompressedSize } of entries) meter?.expect(uncompressedSize);
    const sums: (readonly [name: string, sum: string])[] = [];
    await withWorkers(entries, async (entry) => {
      throwIfInterrupted(signal);
      sums.push([entry.fileName, await unpackEntry(file, entry, join(directory, entry.fileName.slice(prefix.length)))]);
      meter?.moved(entry.uncompressedSize);
    });
    return hash1(sums);
  } finally {
    file.close();
  }
}

/** The complete list is checked before anything is written. */
async function readEntries(file: ZipFile, prefix: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for await (const entry of file.eachEntry()) {
    const name = entry.fileName;
    if (!isBelow(name, prefix)) throw new BadZip(`it has the file ${name}, which is not below ${prefix}`);
    if (names.has(name)) throw new BadZip(`it has the file ${name} twice`);
    bytes += entry.uncompressedSize;
    if (bytes > limits.toolchain.unpacked)
      throw new BadZip(`it would unpack to more than ${limits.toolchain.unpacked} bytes`);
    if (entries.length === limits.toolchain.files) throw new BadZip(`it has more than ${limits.toolchain.files} files`);
    names.add(name);
    entries.push(entry);
  }
  return entries;
}

function isBelow(name: string, prefix: string): boolean {
  const parts = name.slice(prefix.length).split('/');
  return (
    name.startsWith(prefix) &&
    !name.includes('\\') &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** Processes all entries. After the first failure it starts no more, waits for running writes, and throws. */
async function withWorkers(entries: Entry[], work: (entry: Entry) => Promise<void>): Promise<void> {
  const takeAll = async (): Promise<void> => {
    for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) await work(entry);
  };
  const worker = (): Promise<void> =>
    takeAll().catch((error: unknown) => {
      entries.length = 0;
      throw error;
    });
  const ends = await Promise.allSettled(Array.from({ length: WORKERS }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function unpackEntry(file: ZipFile, entry: Entry, to: string): Promise<string> {
  const content = await file.openReadStreamPromise(entry).then(buffer).catch(asBadZip);
  makeDirectories(dirname(to));
  await writeFile(to, content, { flag: 'wx' });
  return createHash('sha256').update(content).digest('hex');
}

function hash1(sums: readonly (readonly [name: string, sum: string])[]): string {
  const sorted = sums.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const hash = createHash('sha256');
  for (const [name, sum] of sorted) hash.update(`${sum}  ${name}\n`);
  return `h1:${hash.digest('base64')}`;
}

function asBadZip(error: unknown): never {
  throw error instanceof BadZip ? error : new BadZip(`it is not a complete zip file: ${(error as Error).message}`);
}
