import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import type { StoreLayout } from './layout.ts';
import { withTemporary } from '@slipway/adapters';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** With this many bytes of lines, count again. */
const LONG = 64 * 1024;

/**
 * The approximate size of the store: one line for each addition, because parallel appends lose none. Infinite: count
 * again.
 */
export async function roughSize({ sizes }: StoreLayout): Promise<number> {
  const text = await readFile(sizes, 'utf8').catch(() => '');
  const total = text.split('\n').reduce((sum, line) => sum + Number(line), 0);
  return text === '' || text.length > LONG || !(total >= 0) ? Infinity : total;
}

export const addToSize = ({ sizes }: StoreLayout, bytes: number): Promise<void> => appendFile(sizes, `${bytes}\n`);

export async function setSize({ sizes, temporaries }: StoreLayout, bytes: number): Promise<void> {
  makeDirectories(temporaries);
  return withTemporary(`${temporaries}/sizes`, async (temporary) => {
    await writeFile(temporary, `${bytes}\n`);
    await rename(temporary, sizes);
  });
}
