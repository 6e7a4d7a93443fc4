import { dirname } from 'node:path/posix';

/** Extensions of files Go takes from a package's directory without being told (go/build, `matchFile`). */
export const sourceExtensions: readonly string[] = 'go c cc cpp cxx h hh hpp hxx m s S swig swigcxx syso'.split(' ');

/** What changes a command, new and deleted files included. */
export interface ClosureInputs {
  /** A source that comes, goes or changes in one of these changes the package, unless it is a test's. */
  readonly dirs: readonly string[];
  /** What Go uses besides: embedded files, profiles, of a test binary the tests; and links, to which these or a directory lead. */
  readonly files: readonly string[];
}

/** What may have changed, in the same names as the inputs. */
export interface Changes {
  readonly files: readonly string[];
  /** Of the files those that are not there any more. */
  readonly gone: ReadonlySet<string>;
  /** Directories, of what is below which nobody says more: submodules. */
  readonly below: readonly string[];
}

/** Whether changes change what the inputs are of. Of a Go test only the ones that are named count. */
export function areTouched({ dirs, files }: ClosureInputs, changes: Changes): boolean {
  const [inDirs, named] = [new Set(dirs), new Set(files)];
  const isUsed = (file: string): boolean =>
    named.has(file) ||
    (isSource(file) && inDirs.has(dirname(file))) ||
    (isModule(file) && dirs.some((dir) => isIn(dir, dirname(file)))) ||
    (changes.gone.has(file) && !isSource(file) && wasEmbedded(file, { dirs, files }));
  return changes.files.some(isUsed) || changes.below.some((top) => [...dirs, ...files].some((path) => isIn(path, top)));
}

/** A file is only named while it is there; of one that is gone, others of its package that are embedded speak. */
const wasEmbedded = (gone: string, { dirs, files }: ClosureInputs): boolean =>
  dirs.some(
    (dir) =>
      (gone.endsWith('default.pgo') && dirname(gone) === dir) ||
      (isIn(gone, dir) && files.some((file) => isIn(file, dir) && !isSource(file))),
  );

/** It takes the directories below it out of the module above, and says for which Go they are compiled. */
const isModule = (file: string): boolean => file === 'go.mod' || file.endsWith('/go.mod');

const isIn = (path: string, dir: string): boolean => dir === '.' || path === dir || path.startsWith(`${dir}/`);

export const isSource = (file: string): boolean =>
  !file.endsWith('_test.go') && extensions.has(file.slice(file.lastIndexOf('.') + 1));
const extensions: ReadonlySet<string> = new Set(sourceExtensions);
