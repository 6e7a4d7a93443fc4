import { join } from 'node:path';
import { type GoClause, isUnconstrained, mayTake } from '@slipway/model';
import type { Disk, Listing } from './disk.ts';

/** The Go files directly in a directory: a main package, a library, only tests, or none. */
export type GoPackageKind = 'main' | 'library' | 'tests' | 'none';

/** Enough for license, build constraints and package comment of almost every file. A longer head is read completely. */
const HEAD = 8_192;

/** Reads package clauses only. Files that no build includes (`//go:build ignore`, `_x.go`, `.x.go`) do not count. */
export function readPackageKind(disk: Disk, dir: string, listing: Listing = disk.listDirectory(dir)): GoPackageKind {
  const clauses = packageClauses(disk, dir, listing);
  const possible = clauses.filter((clause) => mayTake(clause, { platform: undefined, tags: [] }));
  const [first] = possible.length > 0 ? possible : clauses;
  const name = clauses.find(isUnconstrained)?.name ?? (possible.some(isMain) ? 'main' : first?.name);
  if (name !== undefined) return name === 'main' ? 'main' : 'library';
  return listing.files.some((file) => isGoFile(file) && file.endsWith('_test.go')) ? 'tests' : 'none';
}

export const isMain = ({ name }: GoClause): boolean => name === 'main';

/**
 * The clauses of the Go files, up to the first one without constraints. All files of such a package have the same name.
 */
export function packageClauses(disk: Disk, dir: string, listing: Listing = disk.listDirectory(dir)): GoClause[] {
  const clauses: GoClause[] = [];
  for (const file of listing.files) {
    if (!isGoFile(file) || file.endsWith('_test.go')) continue;
    const parsed = readClause(disk, join(dir, file));
    // Go ignores a package of that name.
    if (parsed === undefined || parsed.name === 'documentation') continue;
    clauses.push({ file, ...parsed });
    if (isUnconstrained(clauses.at(-1)!)) break;
  }
  return clauses;
}

/** The clause of one file; undefined for a file that no build includes. */
export function packageClause(disk: Disk, dir: string, file: string): GoClause | undefined {
  const parsed = isGoFile(file) ? readClause(disk, join(dir, file)) : undefined;
  return parsed && { file, ...parsed };
}

/** The files of a main package, each with its clause. */
export function mainFiles(disk: Disk, dir: string): GoClause[] {
  const files = disk.listDirectory(dir).files.filter((file) => isGoFile(file) && !file.endsWith('_test.go'));
  return files.flatMap((file): GoClause[] => {
    const parsed = readClause(disk, join(dir, file));
    if (parsed === undefined || parsed.name === 'documentation') return [];
    const main = parsed.name === 'main' && declaresMain(disk.readText(join(dir, file)) ?? '');
    return [{ file, ...parsed, ...(main ? { main } : {}) }];
  });
}

const meaningless = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** Go allows a function of that name only at the top level. */
const declaresMain = (text: string): boolean =>
  /\bfunc\s+main\s*\(/.test(text) && /\bfunc\s+main\s*\(/.test(text.replaceAll(meaningless, ' '));

const isGoFile = (name: string): boolean => name.endsWith('.go') && !name.startsWith('_') && !name.startsWith('.');

/** The name in the package clause; undefined for a file that its build constraint excludes, or that is not Go. */
export const readPackageName = (disk: Disk, path: string): string | undefined => readClause(disk, path)?.name;

function readClause(disk: Disk, path: string): Clause | undefined {
  const head = disk.readHead(path, HEAD) ?? '';
  const parsed = parsePackageClause(head.slice(0, head.lastIndexOf('\n') + 1));
  const found = parsed === 'incomplete' ? parsePackageClause(disk.readText(path) ?? '') : parsed;
  return typeof found === 'object' ? found : undefined;
}

type Clause = Pick<GoClause, 'name' | 'constraint'>;
type PackageClause = Clause | 'ignored' | 'incomplete';

/** Skips comments as Go does, and reads the build constraints in them. */
export function parsePackageClause(text: string): PackageClause {
  const comments: string[] = [];
  let rest = text.startsWith('\uFEFF') ? text.slice(1) : text;
  for (;;) {
    const space = /^[\s;]*/.exec(rest)![0];
    if (/\n[ \t\r]*\n/.test(space)) comments.push('');
    rest = rest.slice(space.length);
    if (rest.startsWith('//')) {
      const end = rest.indexOf('\n');
      if (end < 0) return 'incomplete';
      comments.push(rest.slice(0, end));
      rest = rest.slice(end);
    } else if (rest.startsWith('/*')) {
      const end = rest.indexOf('*/');
      if (end < 0) return 'incomplete';
      rest = rest.slice(end + 2);
    } else {
      const name = /^package\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(rest)?.[1];
      if (name === undefined) return 'incomplete';
      const constraint = constraintAmong(comments);
      return constraint === 'ignore' ? 'ignored' : { name, ...(constraint === undefined ? {} : { constraint }) };
    }
  }
}

/** `//go:build`, else the older lines, which need an empty line after them. */
function constraintAmong(comments: readonly string[]): string | undefined {
  const line = comments.flatMap((comment) => /^\/\/go:build\s+(.*\S)\s*$/.exec(comment)?.[1] ?? [])[0];
  if (line !== undefined) return line;
  const older = comments
    .slice(0, comments.lastIndexOf('') + 1)
    .flatMap((comment) => /^\/\/\s*\+build\s+(.*\S)\s*$/.exec(comment)?.[1] ?? [])
    .map((options) => options.split(/\s+/).map((option) => option.replaceAll(',', ' && ')));
  if (older.length === 0) return undefined;
  return older.length === 1 && older[0]!.length === 1
    ? older[0]![0]!
    : older.map((options) => `(${options.join(' || ')})`).join(' && ');
}

/** Reports whether Go's `...` descends into a directory of that name and accepts it in an import path. */
export const isPackageDirectory = (name: string): boolean =>
  /^[A-Za-z0-9~+-]([A-Za-z0-9._~+-]*[A-Za-z0-9_~+-])?$/.test(name) && name !== 'testdata' && name !== 'vendor';

/** A directory below the start with a package. */
export interface FoundPackage {
  /** Absolute. */
  readonly dir: string;
  /** Path from the start of the search; `''` for the start itself. */
  readonly below: string;
  readonly kind: GoPackageKind;
}

export interface PackageSearch {
  readonly disk: Disk;
  /** Maximum levels below `dir`; unlimited if undefined. */
  readonly depth?: number;
  /** Reports whether to descend into a directory; called for each one below `dir`. */
  enters?(dir: string, listing: Listing): boolean;
}

/** All directories at or below `dir` with Go files, sorted by path, as `dir/...` finds them. */
export function findPackages(dir: string, search: PackageSearch, below = ''): FoundPackage[] {
  const listing = search.disk.listDirectory(dir);
  if (below !== '' && search.enters?.(dir, listing) === false) return [];
  const kind = readPackageKind(search.disk, dir, listing);
  const found: FoundPackage[] = kind === 'none' ? [] : [{ dir, below, kind }];
  const depth = search.depth ?? Number.POSITIVE_INFINITY;
  if (depth === 0) return found;
  for (const name of listing.directories) {
    // A directory `vendor` with Go files is a package, but Go does not descend into it.
    if (!isPackageDirectory(name) && name !== 'vendor') continue;
    const left = name === 'vendor' ? 0 : depth - 1;
    found.push(...findPackages(join(dir, name), { ...search, depth: left }, below === '' ? name : `${below}/${name}`));
  }
  return found;
}
