import { chmod, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failureOfFileError, withTemporary } from '@slipway/adapters';
import { setTime } from '../files/set-time.ts';
import { CopyError, type CopyOf, copyHashing, prepareDirectory } from '../files/place.ts';
import type { StoreLayout } from './layout.ts';
import type { StoredFile } from './port.ts';
import { isOwn } from './owner.ts';
import { modeOf } from './record.ts';

/** Smaller files are hashed faster than their entry is found. */
const LARGE = 1 << 20;

export async function takeFile(
  { layout, copyLarge }: { readonly layout: StoreLayout; readonly copyLarge: CopyOf },
  file: StoredFile,
  to: string,
): Promise<boolean> {
  const from = layout.file(file.digest);
  try {
    const found = await stat(from).catch(() => undefined);
    if (found === undefined || !isOwn(found)) return false;
    await prepareDirectory(dirname(to));
    const copy = file.size < LARGE ? copyHashing : copyLarge;
    return await withTemporary(to, async (temporary) => {
      if (!(await copy(from, temporary, file))) {
        await Promise.all([from, temporary].map((path) => rm(path, { force: true }).catch(() => {})));
        return false;
      }
      await chmod(temporary, modeOf(file.mode));
      const now = setTime(Date.now()) / 1000;
      await utimes(temporary, now, now);
      await rename(temporary, to);
      return true;
    });
  } catch (error) {
    if (error instanceof CopyError && error.side === 'from') return false;
    throw failureOfFileError(error, to);
  }
}
