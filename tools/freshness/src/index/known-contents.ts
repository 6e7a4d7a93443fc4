import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Seal } from '@slipway/adapters';
import type { Copied } from '../files/copy-hashed.ts';
import { type CopyOf, copyHashing } from '../files/place.ts';
import { type Entry, entryNow, sameStat } from './entry.ts';
import { fileClock, isNotRacy } from './file-clock.ts';
import { type KeptRows, readIndexFile, writeIndexFile } from './index-file.ts';
import { rowsToSave } from './rows-to-save.ts';

/**
 * Copies large files of a directory that only slipway writes to. A file is not hashed again if nobody wrote to it since
 * it was hashed. The digests are kept in that directory, sealed. If processes share it, the last to save wins.
 */
export function copyKnown(directory: string, seal: Seal): CopyOf {
  const file = join(directory, 'index');
  const keyOf = (path: string): string => relative(directory, path);
  const clock = fileClock(`${file}.clock`);
  const asked = new Map<string, Entry>();
  let kept: KeptRows | undefined;
  let copying = 0;
  let isNew = false;

  const proves = (entry: Entry, path: string, { digest }: Copied): boolean => {
    kept ??= readIndexFile(file, seal);
    const row = kept.find(keyOf(path));
    return row !== undefined && kept.digest(row) === digest && kept.proves(row, entry, false);
  };
  const learn = (entry: Entry, path: string, digest: string): void => {
    entry.digest = digest;
    asked.set(path, entry);
  };
  const hashWhileCopying: CopyOf = async (from, to, content) => {
    const before = entryNow(from);
    before.notRacy = isNotRacy(before, clock());
    if (!(await copyHashing(from, to, content))) return false;
    learn(before, from, content.digest);
    isNew ||= before.notRacy;
    return true;
  };
  const save = (): void => {
    if (!isNew || kept === undefined) return;
    isNew = false;
    try {
      writeIndexFile(file, rowsToSave({ kept, entries: asked, forgotten: new Map(), keyOf }), seal);
    } catch {
      // It will be hashed again.
    }
  };
  return async (from, to, content) => {
    copying++;
    try {
      const before = entryNow(from);
      before.notRacy = proves(before, from, content);
      if (!before.notRacy) return await hashWhileCopying(from, to, content);
      // The other way reports the error better.
      const isCopied = await copyFile(from, to, constants.COPYFILE_FICLONE).then(...IS_DONE);
      if (!isCopied || !sameStat(entryNow(from), before)) return await hashWhileCopying(from, to, content);
      learn(before, from, content.digest);
      return true;
    } finally {
      copying--;
      // Saves once for all copies that run at the same time.
      if (copying === 0) save();
    }
  };
}

const IS_DONE = [(): boolean => true, (): boolean => false] as const;
