import { dirname } from 'node:path/posix';

/** Extensions of files that Go includes from a package's directory (go/build, `matchFile`). */
export const sourceExtensions: readonly string[] = 'go c cc cpp cxx h hh hpp hxx m s S swig swigcxx syso'.split(' ');

/** The paths that affect a command, including new and deleted files. */
export interface ClosureInputs {
  /** A new, deleted or changed source in one of these directories changes the package, except a test's source. */
  readonly dirs: readonly string[];
  /**
   * Other files that Go uses: embedded files, profiles, tests of a test binary, and symbolic links to these or to a
   * directory.
   */
  readonly files: readonly string[];
}

/** Possibly changed paths, by the same names as the inputs. */
export interface Changes {
  readonly files: readonly string[];
  /** The changed files that no longer exist. */
  readonly gone: ReadonlySet<string>;
  /** Directories whose content is unknown: submodules. */
  readonly below: readonly string[];
}

/** Reports whether changes affect the inputs. A test file counts only if it is listed. */
export function areTouched({ dirs, files }: ClosureInputs, changes: Changes): boolean {
  const [inDirs, named] = [new Set(dirs), new Set(files)];
  const isUsed = (file: string): boolean =>
    named.has(file) ||
    (isSource(file) && inDirs.has(dirname(file))) ||
    (isModule(file) && dirs.some((dir) => isIn(dir, dirname(file)))) ||
    (changes.gone.has(file) && !isSource(file) && wasEmbedded(file, { dirs, files }));
  return changes.files.some(isUsed) || changes.below.some((top) => [...dirs, ...files].some((path) => isIn(path, top)));
}

/**
 * A file is listed only while it exists. For a deleted file, other embedded files of its package indicate that it was
 * embedded.
 */
const wasEmbedded = (gone: string, { dirs, files }: ClosureInputs): boolean =>
  dirs.some(
    (dir) =>
      (gone.endsWith('default.pgo') && dirname(gone) === dir) ||
      (isIn(gone, dir) && files.some((file) => isIn(file, dir) && !isSource(file))),
  );

/** It excludes the directories below from the parent module, and sets their Go version. */
const isModule = (file: string): boolean => file === 'go.mod' || file.endsWith('/go.mod');

const isIn = (path: string, dir: string): boolean => dir === '.' || path === dir || path.startsWith(`${dir}/`);

export const isSource = (file: string): boolean =>
  !file.endsWith('_test.go') && extensions.has(file.slice(file.lastIndexOf('.') + 1));
const extensions: ReadonlySet<string> = new Set(sourceExtensions);
