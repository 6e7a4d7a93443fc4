import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';

/** A tar of the few small files of a directory, the same bytes each time. */
export function packFiles(directory: string): Readable {
  const archive = pack();
  for (const name of readdirSync(directory).sort())
    archive.entry({ name, mode: 0o644, mtime: new Date(0) }, readFileSync(join(directory, name)));
  archive.finalize();
  return archive as unknown as Readable;
}

/** A tar of empty directories that belong to `uid:gid`: `path`, and those below it with all between. */
export function packDirectories(path: string, directories: readonly string[], user: string): Readable {
  const [uid, gid] = user.split(':').map(Number);
  const archive = pack();
  const all = new Set([path]);
  for (const directory of directories) {
    const words = directory.split('/');
    words.forEach((_, index) => all.add(`${path}/${words.slice(0, index + 1).join('/')}`));
  }
  for (const name of all)
    archive.entry({ name: name.slice(1), type: 'directory', mode: 0o755, uid: uid!, gid: gid!, mtime: new Date(0) });
  archive.finalize();
  return archive as unknown as Readable;
}
