import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFiles } from '../files/port.ts';
import { TEMPORARY, sweepTemporaries } from '../files/temporary.ts';
import type { OpenRelease, PlacedFile } from './port.ts';

/** The file that names the releases of a directory. A release that it does not name is not published. */
const INDEX = 'index.json';

/** A directory with one directory for each release, for a file server. */
export const releasesInDirectory =
  (directory: string, files: OutputFiles): OpenRelease =>
  async (tag) => {
    const place = join(directory, tag);
    // Left by a killed run.
    await sweepTemporaries(place);
    const index = join(directory, INDEX);
    const published = async (): Promise<readonly string[]> => {
      const text = await files.readTextIfExists(index);
      return text === undefined ? [] : (JSON.parse(text) as { releases: string[] }).releases;
    };
    return {
      isPublished: (await published()).includes(tag),
      files: await filesOf(place),
      digestOf: (name) => sha256Of(join(place, name)),
      put: async (name, path) => void (await files.publishFile(path, join(place, name), { present: 'other' })),
      async publish() {
        const releases = [...new Set([...(await published()), tag])].sort();
        await files.writeFileWhole(index, `${JSON.stringify({ releases }, null, 2)}\n`);
      },
    };
  };

async function filesOf(place: string): Promise<PlacedFile[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  const named = entries.filter((entry) => entry.isFile() && !entry.name.startsWith(TEMPORARY));
  return Promise.all(named.map(async ({ name }) => ({ name, size: (await stat(join(place, name))).size })));
}

/** The digest of a local file. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
