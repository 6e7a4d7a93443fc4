import { createWriteStream } from 'node:fs';
import { chmod, rename, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { onPath } from '../files/failure.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { withTemporary } from '../files/temporary.ts';
import { byteReader } from '../tar/byte-reader.ts';
import { readTar, type TarMember } from '../tar/read-tar.ts';

/**
 * Writes the files of a tar whose names have a place, each atomically, and removes each written place from the map.
 * Throws RefusedTar. It reads to the end even then, because the sender needs to know that everything arrived.
 */
export async function unpackFiles(archive: Readable, places: Map<string, string>): Promise<void> {
  const pieces = archive.iterator({ destroyOnReturn: false });
  try {
    for await (const found of readTar(byteReader(pieces))) {
      const to = found.member.kind === 'file' ? places.get(found.member.path) : undefined;
      if (to === undefined) {
        await found.skip();
        continue;
      }
      await onPath(to, () => writeWhole(found, to));
      places.delete(found.member.path);
    }
  } finally {
    await pieces.return?.();
    archive.resume();
  }
}

async function writeWhole({ member, bytes }: TarMember, to: string): Promise<void> {
  makeDirectories(dirname(to));
  await withTemporary(to, async (temporary) => {
    await pipeline(bytes, createWriteStream(temporary, { flags: 'wx' }));
    await chmod(temporary, member.mode & 0o777);
    await utimes(temporary, member.mtime, member.mtime);
    await rename(temporary, to);
  });
}
