import { rm } from 'node:fs/promises';
import { keptFiles, keptRecords } from './inventory.ts';
import type { KeptFile } from './inventory.ts';
import type { StoreLayout } from './layout.ts';
import { CopyError, hashed } from '../files/place.ts';
import type { Verification } from './port.ts';

const AT_ONCE = 4;

type Wrong = Verification['wrong'][number];

/** Checks files first, so that a record of a wrong file is wrong as well. */
export async function verifyStore(layout: StoreLayout): Promise<Verification> {
  const right = new Map<string, number>();
  const wrong: Wrong[] = [];
  const total = { records: 0, files: 0, bytes: 0 };
  const files = keptFiles(layout);
  const check = async (): Promise<void> => {
    for await (const file of files) {
      total.files++;
      total.bytes += file.bytes;
      const why = await whatIsWrong(file);
      if (why !== undefined) wrong.push(await remove(file.path, why));
      else right.set(file.digest ?? '', file.bytes);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, check));
  for await (const { path, bytes, record } of keptRecords(layout)) {
    total.records++;
    total.bytes += bytes;
    const missing = record?.files.find(({ digest, size }) => right.get(digest) !== size);
    if (record === undefined) wrong.push(await remove(path, 'it is no whole record'));
    else if (missing !== undefined)
      wrong.push(await remove(path, `the content of ${missing.name}, ${missing.digest}, is wrong or missing`));
  }
  return { ...total, wrong };
}

async function whatIsWrong({ path, bytes, digest }: KeptFile): Promise<string | undefined> {
  if (digest === undefined) return 'it does not belong to a store';
  try {
    const found = await hashed(path, bytes);
    return found.digest === digest ? undefined : `its content is ${found.digest}`;
  } catch (error) {
    if (error instanceof CopyError) return error.code === 'ENOENT' ? undefined : `it cannot be read: ${error.message}`;
    throw error;
  }
}

const remove = (path: string, why: string): Promise<Wrong> =>
  rm(path, { recursive: true, force: true }).then(
    () => ({ path, why, removed: true }),
    () => ({ path, why, removed: false }),
  );
