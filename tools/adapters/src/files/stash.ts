import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';
import { onPath } from './failure.ts';
import { removeTree } from './remove.ts';
import { makeDirectories } from './make-directories.ts';

/** Places that are emptied temporarily. All paths are absolute. */
export interface Stash {
  /** The directory for their contents, on the same disk. */
  readonly directory: string;
  /** By a valid file name. */
  readonly places: Readonly<Record<string, string>>;
}

/** Written before anything moves. It distinguishes a place that was not moved yet from one that never existed. */
interface Journal {
  readonly existed: readonly string[];
}

/** Empties the places. Disposing restores the old contents and removes new ones. The caller holds a lock. */
export async function stashAway(stash: Stash): Promise<AsyncDisposable> {
  const { directory, places } = stash;
  await restoreStash(stash);
  const existed: string[] = [];
  for (const [name, place] of Object.entries(places)) if (await exists(place)) existed.push(name);
  const journal: Journal = { existed };
  await onPath(directory, async () => {
    makeDirectories(directory);
    // A link there would be written through.
    await rm(`${journalFile(stash)}.new`, { force: true });
    await writeFile(`${journalFile(stash)}.new`, JSON.stringify(journal), { flag: 'wx' });
    await rename(`${journalFile(stash)}.new`, journalFile(stash));
  });
  const restore = { [Symbol.asyncDispose]: async () => void (await restoreStash(stash)) };
  try {
    for (const name of existed) await onPath(places[name]!, () => rename(places[name]!, join(directory, name)));
  } catch (error) {
    await restore[Symbol.asyncDispose]();
    throw error;
  }
  return restore;
}

/**
 * Restores the stash of a killed process; returns whether there was one. It may itself be killed and repeated: a place
 * is emptied only while its old content, or the note that there was none, is kept. Without a stash it costs a single
 * lstat.
 */
export async function restoreStash(stash: Stash): Promise<boolean> {
  const { directory, places } = stash;
  if (!(await exists(directory))) return false;
  const journal = await readJournal(stash);
  for (const [name, place] of Object.entries(places)) {
    const kept = join(directory, name);
    await onPath(place, async () => {
      if (await exists(kept)) {
        await removeTree(place);
        await move(kept, place);
      } else if (journal !== undefined && !journal.existed.includes(name)) {
        await removeTree(place);
      }
    });
  }
  await onPath(directory, () => removeTree(directory));
  return journal !== undefined;
}

/** Reports whether there is a stash. */
export const hasStash = ({ directory }: Stash): Promise<boolean> => exists(directory);

/** Renames a file or directory on the same disk, and creates parent directories. */
export const moveTree = (from: string, to: string): Promise<void> => onPath(to, () => move(from, to));

async function move(from: string, to: string): Promise<void> {
  makeDirectories(dirname(to));
  await rename(from, to);
}

async function readJournal(stash: Stash): Promise<Journal | undefined> {
  return onPath(journalFile(stash), async () => {
    try {
      return JSON.parse(await readFile(journalFile(stash), 'utf8')) as Journal;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

const journalFile = ({ directory }: Stash): string => join(directory, 'journal.json');

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
