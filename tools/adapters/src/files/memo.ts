import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Memo } from './port.ts';
import { makeDirectories } from './make-directories.ts';

/** One small file for each key. A memo is optional: an unreadable or unwritable entry counts as forgotten. */
export function fileMemo(directory: string): Memo {
  const fileOf = (key: string): string => join(directory, createHash('sha256').update(key).digest('hex'));
  return {
    get(key) {
      try {
        const [first, ...rest] = readFileSync(fileOf(key), 'utf8').split('\n');
        return first === JSON.stringify(key) ? rest.join('\n') : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, value) {
      try {
        makeDirectories(directory);
        writeWhole(fileOf(key), `${JSON.stringify(key)}\n${value}`);
      } catch {
        // It will be computed again.
      }
    },
  };
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Stores nothing new: for a dry run, which changes nothing. */
export const readOnlyMemo = (memo: Memo): Memo => ({ get: (key) => memo.get(key), set() {} });

export function memoryMemo(entries: Iterable<readonly [string, string]> = []): Memo {
  const values = new Map(entries);
  return { get: (key) => values.get(key), set: (key, value) => void values.set(key, value) };
}
