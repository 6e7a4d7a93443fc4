import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './failure.ts';

/** Makes a directory and those above it, and gives the topmost that was made. The error names the real trouble: Node says ENOENT of a read-only file system. */
export async function makeDirectories(path: string): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(path) !== path) {
      const topmost = await makeDirectories(dirname(path));
      await mkdir(path);
      return topmost ?? path;
    }
    throw error;
  }
}
