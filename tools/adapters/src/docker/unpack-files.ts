import { createWriteStream } from 'node:fs';
import { chmod, rename, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { onPath } from '../files/failure.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { withTemporary } from '../files/temporary.ts';

/** Writes the files of a tar whose names have a place, each whole; takes each place it filled out of the map. */
export async function unpackFiles(archive: Readable, places: Map<string, string>): Promise<void> {
  for await (const entry of archive.pipe(extract())) {
    const to = places.get(entry.header.name);
    if (to === undefined || entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    await onPath(to, async () => {
      await makeDirectories(dirname(to));
      await withTemporary(to, async (temporary) => {
        await pipeline(entry, createWriteStream(temporary, { flags: 'wx' }));
        await chmod(temporary, (entry.header.mode ?? 0o644) & 0o777);
        const modified = entry.header.mtime ?? new Date(0);
        await utimes(temporary, modified, modified);
        await rename(temporary, to);
      });
    });
    places.delete(entry.header.name);
  }
}
