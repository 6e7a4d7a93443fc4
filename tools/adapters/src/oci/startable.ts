import { resolve } from 'node:path';
import { basename } from 'node:path/posix';
import { type ArchiveEntry, FailureError } from '@slipway/model';
import { readBinaryHeader } from '../binary/index.ts';
import type { ImageToWrite } from './port.ts';

/**
 * For an image without a base: a program that needs a dynamic linker, which the image lacks, could not start. Throws
 * IMAGE_FAILED.
 */
export async function checkStartable({ base, layers, names, root }: ImageToWrite): Promise<void> {
  if (base !== undefined) return;
  const entries = layers.flat();
  const inside = new Set(entries.map(({ path }) => basename(path)));
  for (const entry of entries) {
    const interpreter = await interpreterOf(entry, root);
    if (interpreter === undefined || inside.has(basename(interpreter))) continue;
    throw new FailureError({
      code: 'IMAGE_FAILED',
      image: names[0] ?? entry.path,
      fact: `it begins with nothing, and ${entry.path} wants ${interpreter} to start`,
      hint: 'build it without cgo (static in slipway.config.ts), or give the image a base that has a C library (release.base)',
    });
  }
}

async function interpreterOf(entry: ArchiveEntry, root: string): Promise<string | undefined> {
  if (!('file' in entry) || (entry.mode & 0o111) === 0) return undefined;
  try {
    return (await readBinaryHeader(resolve(root, entry.file))).interpreter;
  } catch (error) {
    // The packing step reports a missing or unreadable file.
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
