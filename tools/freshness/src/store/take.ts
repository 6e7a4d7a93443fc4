import { chmod, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failureOfFileError } from '@slipway/adapters';
import { setTime } from '../files/set-time.ts';
import type { StoreLayout } from './layout.ts';
import { CopyError, copyVerified, prepareDirectory } from '../files/place.ts';
import type { StoredFile } from './port.ts';
import { isOwn } from './owner.ts';
import { modeOf } from './record.ts';
import { withTemporary } from '@slipway/adapters';

export async function takeFile(layout: StoreLayout, file: StoredFile, to: string): Promise<boolean> {
  const from = layout.file(file.digest);
  try {
    const found = await stat(from).catch(() => undefined);
    if (found === undefined || !isOwn(found)) return false;
    await prepareDirectory(dirname(to));
    return await withTemporary(to, async (temporary) => {
      const copy = await copyVerified(from, temporary, file.size);
      if (copy.digest !== file.digest) {
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
