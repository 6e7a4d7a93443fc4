import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tarStream } from '../tar/tar-bytes.ts';

/** A tar of the few small files of a directory, with the same bytes each time. */
export function packFiles(directory: string): Readable {
  const entries = readdirSync(directory)
    .sort()
    .map((path) => {
      const content = readFileSync(join(directory, path));
      return {
        path,
        size: content.length,
        bytes: async function* () {
          yield content;
        },
      };
    });
  return tarStream({ entries, root: '/', time: 0 });
}

/** A tar of empty directories that belong to `uid:gid`: `path`, and those below it with all parents between. */
export function packDirectories(path: string, directories: readonly string[], user: string): Readable {
  const [uid, gid] = user.split(':').map(Number);
  const all = new Set([path]);
  for (const directory of directories) {
    const words = directory.split('/');
    words.forEach((_, index) => all.add(`${path}/${words.slice(0, index + 1).join('/')}`));
  }
  const owner = { uid: uid!, gid: gid! };
  const entries = [...all].map((name) => ({ path: name.slice(1), directory: true as const, owner }));
  return tarStream({ entries, root: '/', time: 0 });
}
