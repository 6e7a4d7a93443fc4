import { createHash } from 'node:crypto';
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { throwIfInterrupted } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { compareBinaries } from './compare-binaries.ts';
import type { Comparison, Difference, EntryType, FileComparison } from './comparison.ts';

const CHUNK = 1 << 20;
/** Reading overlaps with hashing; more would only seek. */
const AT_ONCE = 4;

interface Entry {
  readonly path: string;
  readonly type: EntryType;
  readonly size: number;
  readonly mode: string;
  readonly target: string;
}

/**
 * Compares all files below two directories by their relative paths, or two files. Bytes decide; where they differ, the
 * differences say as exactly as can be told what was built otherwise. Files are read in pieces and never held whole.
 */
export async function compareTrees(
  dirA: string,
  dirB: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Comparison> {
  const [rootA, rootB] = await Promise.all([findRoot(dirA), findRoot(dirB)]);
  if (rootA === rootB) throw badUsage(`${dirA} and ${dirB} are the same place`);
  const [a, b] = await Promise.all([listEntries(rootA), listEntries(rootB)]);
  if (a.has('') !== b.has(''))
    throw badUsage(`${a.has('') ? dirA : dirB} is a file, ${a.has('') ? dirB : dirA} a directory`);
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  const files: FileComparison[] = [];
  const waiting = names.entries();
  const work = async (): Promise<void> => {
    for (const [index, name] of waiting) {
      throwIfInterrupted(options.signal);
      files[index] = await compareEntries(name === '' ? basename(dirA) : name, a.get(name), b.get(name));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const count = (is: FileComparison['is']): number => files.filter((file) => file.is === is).length;
  return {
    a: resolve(dirA),
    b: resolve(dirB),
    files,
    identical: count('identical'),
    different: count('different'),
    onlyInA: count('only-in-a'),
    onlyInB: count('only-in-b'),
  };
}

const badUsage = (fact: string): FailureError =>
  new FailureError({ code: 'BAD_USAGE', fact, hint: 'slipway compare DIR_A DIR_B, or slipway compare --with make' });

async function findRoot(dir: string): Promise<string> {
  return realpath(dir).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new FailureError({ code: 'FILE_MISSING', path: dir, why: 'it was to be compared' })
      : error;
  });
}

/** By relative path with forward slashes; one entry named '' when the root is a file. Links are not followed. */
async function listEntries(root: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (!(await lstat(root)).isDirectory()) return entries.set('', await readEntry(root));
  for (const found of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(found.parentPath, found.name);
    if (!found.isDirectory()) entries.set(relative(root, path).split(sep).join('/'), await readEntry(path));
  }
  return entries;
}

async function readEntry(path: string): Promise<Entry> {
  const stat = await lstat(path);
  const type = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'other';
  return {
    path,
    type,
    size: stat.size,
    mode: (stat.mode & 0o7777).toString(8),
    target: type === 'link' ? await readlink(path) : '',
  };
}

async function compareEntries(name: string, a: Entry | undefined, b: Entry | undefined): Promise<FileComparison> {
  if (a === undefined || b === undefined) {
    return { is: b === undefined ? 'only-in-a' : 'only-in-b', path: name, size: (a ?? b)?.size ?? 0 };
  }
  if (a.type !== b.type) return { is: 'different', path: name, differences: [{ kind: 'type', a: a.type, b: b.type }] };
  const bytes: BytesResult =
    a.type === 'file' ? await compareBytes(a.path, b.path) : { same: true, sha256: hashOf(a.target) };
  const differences: Difference[] = [];
  if (a.target !== b.target) differences.push({ kind: 'link', a: a.target, b: b.target });
  // Windows has no permission bits; links have none that mean anything.
  if (a.mode !== b.mode && a.type !== 'link' && process.platform !== 'win32')
    differences.push({ kind: 'mode', a: a.mode, b: b.mode });
  if (!bytes.same) differences.push(...(await compareBinaries(a.path, b.path, bytes.offset)));
  return differences.length > 0 || !bytes.same
    ? { is: 'different', path: name, differences }
    : { is: 'identical', path: name, size: a.size, sha256: bytes.sha256 };
}

type BytesResult = { readonly same: true; readonly sha256: string } | { readonly same: false; readonly offset: number };

/** Stops at the first difference. Sizes are not trusted to decide: where the first byte differs is worth knowing too. */
async function compareBytes(pathA: string, pathB: string): Promise<BytesResult> {
  await using fileA = await open(pathA);
  await using fileB = await open(pathB);
  const bufferA = Buffer.allocUnsafe(CHUNK);
  const bufferB = Buffer.allocUnsafe(CHUNK);
  const hash = createHash('sha256');
  for (let start = 0; ;) {
    const [a, b] = await Promise.all([readFull(fileA, bufferA, start), readFull(fileB, bufferB, start)]);
    if (!a.equals(b)) return { same: false, offset: start + firstDifference(a, b) };
    if (a.length === 0) return { same: true, sha256: hash.digest('hex') };
    hash.update(a);
    start += a.length;
  }
}

/** As much as there is: a short read would look like a difference. */
async function readFull(file: Awaited<ReturnType<typeof open>>, buffer: Buffer, start: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function firstDifference(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  const index = a.subarray(0, length).findIndex((byte, at) => byte !== b[at]);
  return index === -1 ? length : index;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
