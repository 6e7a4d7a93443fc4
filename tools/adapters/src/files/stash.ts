import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';
import { onPath } from './failure.ts';
import { removeTree } from './remove.ts';
import { makeDirectories } from './make-directories.ts';

/** Places that are emptied for a while. All paths are absolute. */
export interface Stash {
  /** Where their contents are kept meanwhile, on the same disk. */
  readonly directory: string;
  /** By a name that the directory may have. */
  readonly places: Readonly<Record<string, string>>;
}

/** Written before anything moves: what there was tells a place not moved yet from one that was never there. */
interface Journal {
  readonly existed: readonly string[];
}

/** Empties the places; disposing puts back what was there and drops what was made meanwhile. The caller holds a lock. */
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
 * Puts back what whoever was killed left in a stash; true when there was something. It may be killed anywhere itself, and done again: a
 * place is only emptied while its old content, or the note that there was none, is kept. Without a stash it costs a single lstat.
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

/** Whether a stash was left. */
export const hasStash = ({ directory }: Stash): Promise<boolean> => exists(directory);

/** Renames a file or directory, on the same disk; directories around the new place are made. */
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
