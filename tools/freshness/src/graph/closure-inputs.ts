import { dirname } from 'node:path/posix';
import type { Closure } from './port.ts';

/** Extensions of files Go takes from a package's directory without being told (go/build, `matchFile`). */
export const sourceExtensions: readonly string[] = 'go c cc cpp cxx h hh hpp hxx m s S swig swigcxx syso'.split(' ');

/** What changes a command, new and deleted files included. Paths are absolute. */
export interface ClosureInputs {
  /** A source that comes, goes or changes in one of these changes the package, unless it is a test's. */
  readonly dirs: readonly string[];
  /** What Go uses besides: embedded files, profiles, and of a test binary the tests. */
  readonly files: readonly string[];
}

/** Modules of the module cache are left out: they never change. */
export function inputsOf({ packages }: Closure): ClosureInputs {
  const own = packages.filter((each) => each.fixedBy === undefined);
  const used = own.flatMap((each) => each.files.map((file) => `${each.dir}/${file}`));
  const dirs = [...new Set(own.map((each) => each.dir))].sort();
  const known = new Set(dirs);
  const files = used.filter((file) => !isSource(file) || !known.has(dirname(file)));
  return { dirs, files: [...new Set(files)].sort() };
}

/** Whether a change of these files changes what the inputs are of. Of a Go test only the ones that are named count. */
export function areTouched({ dirs, files }: ClosureInputs, changed: readonly string[]): boolean {
  const [inDirs, named] = [new Set(dirs), new Set(files)];
  return changed.some((file) => named.has(file) || (isSource(file) && inDirs.has(dirname(file))));
}

const isSource = (file: string): boolean =>
  !file.endsWith('_test.go') && extensions.has(file.slice(file.lastIndexOf('.') + 1));
const extensions: ReadonlySet<string> = new Set(sourceExtensions);
