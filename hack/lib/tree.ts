import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The repository's files as a check sees them: git's list (tracked, and untracked but not ignored) with the check's own
 * edits on top. Only `flush` writes to the disk, so verifying is updating without it.
 */
export interface Tree {
  readonly root: string;
  /** Paths relative to the root with `/`, sorted. */
  list(): readonly string[];
  exists(path: string): boolean;
  read(path: string): string;
  write(path: string, text: string): void;
  delete(path: string): void;
}

export interface VirtualTree extends Tree {
  /** Paths whose content differs from the disk. */
  changes(): readonly string[];
  flush(): void;
}

export function openTree(root: string): VirtualTree {
  return virtualTree(root, {
    list: () =>
      execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      })
        .split('\0')
        .filter((path) => path !== '' && isFile(join(root, path))),
    read: (path) => readFileSync(join(root, path), 'utf8'),
  });
}

/** A tree from a table of path and text, for tests. */
export function memoryTree(files: Readonly<Record<string, string>>): VirtualTree {
  return virtualTree('/nowhere', {
    list: () => Object.keys(files),
    read: (path) => files[path] ?? fail(path),
  });
}

interface Ground {
  list(): readonly string[];
  read(path: string): string;
}

function virtualTree(root: string, ground: Ground): VirtualTree {
  const onDisk = new Set(ground.list());
  /** Undefined marks a deleted file. */
  const edits = new Map<string, string | undefined>();
  const exists = (path: string): boolean => (edits.has(path) ? edits.get(path) !== undefined : onDisk.has(path));
  const read = (path: string): string =>
    edits.has(path) ? (edits.get(path) ?? fail(path)) : onDisk.has(path) ? ground.read(path) : fail(path);
  const edit = (path: string, text: string | undefined): void => {
    const before = onDisk.has(path) ? ground.read(path) : undefined;
    if (before === text) edits.delete(path);
    else edits.set(path, text);
  };
  return {
    root,
    list: () => [...new Set([...onDisk, ...edits.keys()])].filter(exists).sort(),
    exists,
    read,
    write: edit,
    delete: (path) => edit(path, undefined),
    changes: () => [...edits.keys()].sort(),
    flush() {
      for (const [path, text] of edits) {
        if (text === undefined) rmSync(join(root, path));
        else {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          writeFileSync(join(root, path), text);
        }
      }
    },
  };
}

/** Git's list still has deleted files, and also links to directories. */
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function fail(path: string): never {
  throw new Error(`${path} is not in the tree`);
}
