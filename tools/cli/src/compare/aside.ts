import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { acquireLock, failureOfFileError } from '@slipway/adapters';
import { absolute } from '@slipway/plan';
import type { OutputNames } from '@slipway/plan';

/** The binaries of a tree: where they are, and where `compare` keeps them meanwhile. All absolute. */
export interface BinaryPlaces {
  /** What users see; what is compared. */
  readonly published: string;
  /** Go's own targets; they make Go, and scripts that ask it, believe everything is done. */
  readonly go: string;
  readonly hostLink: string;
  /** Stays for inspection: `slipway/bin`, `make/bin`. */
  readonly compare: string;
}

export function binaryPlaces(root: string, names: OutputNames): BinaryPlaces {
  return {
    published: absolute(root, join(names.local, 'bin')),
    go: absolute(root, join(names.gopath, 'bin')),
    hostLink: absolute(root, names.hostLink),
    compare: absolute(root, names.compare),
  };
}

type MovableName = 'published' | 'go' | 'hostLink';
const movable: readonly MovableName[] = ['published', 'go', 'hostLink'];

/** Written before anything moves: what there was tells a place not moved yet from one that was never there. */
interface Journal {
  readonly existed: readonly MovableName[];
}

/** Empties the three places; disposing puts back what was there and drops what was made meanwhile. The caller holds the lock. */
export async function moveAside(places: BinaryPlaces): Promise<AsyncDisposable> {
  await restoreLeft(places);
  const existed: MovableName[] = [];
  for (const name of movable) if (await exists(places[name])) existed.push(name);
  const journal: Journal = { existed };
  await onPath(asideDir(places), async () => {
    await mkdir(asideDir(places), { recursive: true });
    // A link there would be written through.
    await rm(`${journalFile(places)}.new`, { force: true });
    await writeFile(`${journalFile(places)}.new`, JSON.stringify(journal), { flag: 'wx' });
    await rename(`${journalFile(places)}.new`, journalFile(places));
  });
  const restore = { [Symbol.asyncDispose]: async () => void (await restoreLeft(places)) };
  try {
    for (const name of existed) await onPath(places[name], () => rename(places[name], join(asideDir(places), name)));
  } catch (error) {
    await restore[Symbol.asyncDispose]();
    throw error;
  }
  return restore;
}

/**
 * Puts back what a comparison that was killed had moved aside; true when there was something. Waits for a comparison
 * that is still running. Without one it costs a single lstat, so every run in the tree can begin with it.
 */
export async function restoreAside(
  places: BinaryPlaces,
  waiting: { readonly onWait: () => void },
  signal?: AbortSignal,
): Promise<boolean> {
  if (!(await exists(asideDir(places)))) return false;
  await using _lock = await lockComparison(places, waiting, signal);
  return restoreLeft(places);
}

/** One comparison at a time in a tree. */
export const lockComparison = (
  places: BinaryPlaces,
  waiting: { readonly onWait: () => void },
  signal?: AbortSignal,
): Promise<AsyncDisposable> => acquireLock(join(places.compare, '.lock'), waiting, signal);

/** May be killed anywhere, and done again: a place is only emptied while its old content, or the note that there was none, is kept. */
async function restoreLeft(places: BinaryPlaces): Promise<boolean> {
  if (!(await exists(asideDir(places)))) return false;
  const journal = await readJournal(places);
  for (const name of movable) {
    const kept = join(asideDir(places), name);
    await onPath(places[name], async () => {
      if (await exists(kept)) {
        await removeTree(places[name]);
        await mkdir(dirname(places[name]), { recursive: true });
        await rename(kept, places[name]);
      } else if (journal !== undefined && !journal.existed.includes(name)) {
        await removeTree(places[name]);
      }
    });
  }
  await onPath(asideDir(places), () => removeTree(asideDir(places)));
  return journal !== undefined;
}

async function readJournal(places: BinaryPlaces): Promise<Journal | undefined> {
  try {
    return JSON.parse(await readFile(journalFile(places), 'utf8')) as Journal;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failureOfFileError(error, journalFile(places));
  }
}

const asideDir = (places: BinaryPlaces): string => join(places.compare, 'aside');
const journalFile = (places: BinaryPlaces): string => join(asideDir(places), 'journal.json');

export const removeTree = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

export async function onPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOfFileError(error, path);
  }
}
