import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Listed, Looked } from './list-tree.ts';

// The program of the thread of list-tree.ts.
// oxlint-disable unicorn/require-post-message-target-origin -- a worker thread, not a window
try {
  parentPort?.postMessage(look(workerData as Listed));
} catch (error) {
  parentPort?.postMessage({ fact: (error as Error).message });
}

function look({ root, exclude }: Listed): Looked {
  const paths = new Set(exclude.filter((each) => each.startsWith('/')).map((each) => each.slice(1)));
  const names = new Set(exclude.filter((each) => !each.startsWith('/')));
  let text = '';
  let lost: string | undefined;
  const visit = (directory: string): void => {
    for (const found of entriesOf(`${root}/${directory}`)) {
      const path = `${directory}${found.name}`;
      if (names.has(found.name) || paths.has(path)) continue;
      if (found.name.includes('\uFFFD')) lost ??= path;
      const stat = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
      // An entry that disappears meanwhile counts as missing.
      if (stat === undefined) continue;
      const { mode, size, mtimeMs, ctimeMs, ino } = stat;
      if (found.isDirectory()) {
        text += `${path}\0directory ${mode & 0o7777} 0 0 \0\0`;
        visit(`${path}/`);
      } else if (found.isSymbolicLink()) {
        text += `${path}\0link 0 0 0 ${ino} ${ctimeMs}\0${readlinkSync(`${root}/${path}`)}\0`;
      } else if (found.isFile()) {
        // No build reads sockets, pipes and devices.
        text += `${path}\0file ${mode & 0o7777} ${size} ${mtimeMs} ${ino} ${ctimeMs}\0\0`;
      }
    }
  };
  const entriesOf = (directory: string) => {
    try {
      return readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  visit('');
  return lost === undefined ? { text } : { lost };
}
