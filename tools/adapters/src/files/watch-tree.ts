import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '@slipway/model';
import { errorCode } from './error-code.ts';

export interface TreeWatching {
  /** The paths and directories that are not watched. Absolute. */
  ignores(path: string): boolean;
  onChange(path: string): void;
}

/**
 * Reports every write, creation, renaming and removal below a directory, also in new directories, until it is disposed.
 */
export function watchTree(root: string, watching: TreeWatching): Disposable {
  const watchers = new Map<string, FSWatcher>();
  const forget = (directory: string): void => {
    watchers.get(directory)?.close();
    watchers.delete(directory);
  };
  const add = (directory: string): void => {
    if (watchers.has(directory)) return;
    const names = list(directory);
    if (names === undefined) return;
    const watcher = open(directory, (path) => {
      if (watching.ignores(path)) return;
      // A former directory of this name may have been replaced.
      forget(path);
      add(path);
      watching.onChange(path);
    });
    if (watcher === undefined) return;
    watchers.set(directory, watcher);
    for (const name of names) if (!watching.ignores(join(directory, name))) add(join(directory, name));
  };
  add(root);
  return { [Symbol.dispose]: () => [...watchers.keys()].forEach(forget) };
}

/** The directories in a directory, without links; undefined if it is not a directory. */
function list(directory: string): string[] | undefined {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return undefined;
  }
}

function open(directory: string, onChange: (path: string) => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, (_, name) => name !== null && onChange(join(directory, name)));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOSPC' && code !== 'EMFILE') return undefined;
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: `${directory} cannot be watched: the kernel watches no more directories for you`,
      hint: 'sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024',
    });
  }
}
