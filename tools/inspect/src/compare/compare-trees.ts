import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { entriesOf, lookAt, placeAt, throwIfInterrupted } from '@slipway/adapters';
import { FailureError, isLostName, limits } from '@slipway/model';
import { type BytesResult, compareBytes } from './compare-bytes.ts';
import { compareContents } from './compare-contents.ts';
import type { Comparison, Difference, EntryType, FileComparison } from './comparison.ts';

/** Reading overlaps with hashing. More parallel reads would only cause seeks. */
const AT_ONCE = 4;

interface Entry {
  readonly path: string;
  readonly type: EntryType;
  readonly size: number;
  readonly mode: string;
  readonly target: string;
}

/**
 * Compares all files below two directories by relative path, or two files. Bytes decide. If they differ, the result
 * says as exactly as possible which build settings differ. Files are read in pieces.
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
      const entry = await compareEntries(a.get(name), b.get(name), options.signal);
      files[index] = { ...entry, path: name === '' ? basename(dirA) : name };
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
  const place = await placeAt(dir);
  if (place !== undefined) return place;
  throw new FailureError({ code: 'FILE_MISSING', path: dir, why: 'compare needs it' });
}

/** By relative path with forward slashes; one entry named '' if the root is a file. Links are not followed. */
export async function listEntries(root: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if ((await lookAt(root))?.kind !== 'directory') return entries.set('', await readEntry(root));
  const waiting = [''];
  let count = 0;
  for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
    for await (const each of entriesOf(join(root, dir))) {
      const { name } = each;
      const path = dir === '' ? name : `${dir}/${name}`;
      if (isLostName(name))
        throw new FailureError({ code: 'BAD_NAME', path: join(root, path), why: 'it cannot be compared' });
      if ((count += 1) > limits.tree.entries)
        throw new FailureError({
          code: 'UNREADABLE',
          path: root,
          fact: `it has more than ${limits.tree.entries} files`,
        });
      if (each.isDirectory()) waiting.push(path);
      else entries.set(path, await readEntry(join(root, path)));
    }
  }
  return entries;
}

async function readEntry(path: string): Promise<Entry> {
  const found = await lookAt(path);
  if (found === undefined) throw new FailureError({ code: 'UNREADABLE', path, fact: 'it went away' });
  const { kind, size, mode, target = '' } = found;
  return { path, type: kind === 'directory' ? 'other' : kind, size, mode: mode.toString(8), target };
}

type Unnamed<T> = T extends unknown ? Omit<T, 'path'> : never;

async function compareEntries(
  a: Entry | undefined,
  b: Entry | undefined,
  signal: AbortSignal | undefined,
): Promise<Unnamed<FileComparison>> {
  if (a === undefined || b === undefined) {
    return { is: b === undefined ? 'only-in-a' : 'only-in-b', size: (a ?? b)?.size ?? 0 };
  }
  if (a.type !== b.type) return { is: 'different', differences: [{ kind: 'type', a: a.type, b: b.type }] };
  // Two pipes or devices cannot be compared.
  if (a.type === 'other') return { is: 'different', differences: [{ kind: 'damage', side: 'a', fact: NO_FILE }] };
  const bytes: BytesResult =
    a.type === 'file' ? await compareBytes(a.path, b.path) : { same: true, sha256: hashOf(a.target) };
  const differences: Difference[] = [];
  if (a.target !== b.target) differences.push({ kind: 'link', a: a.target, b: b.target });
  // Windows has no permission bits, and those of links have no meaning.
  if (a.mode !== b.mode && a.type !== 'link' && process.platform !== 'win32')
    differences.push({ kind: 'mode', a: a.mode, b: b.mode });
  if (bytes.same)
    return differences.length === 0
      ? { is: 'identical', size: a.size, sha256: bytes.sha256 }
      : { is: 'different', differences };
  const contents = await compareContents(a.path, b.path, { offset: bytes.offset, ...(signal && { signal }) });
  return { is: 'different', ...contents, differences: [...differences, ...contents.differences] };
}

const NO_FILE = 'it is not a file and cannot be compared';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
