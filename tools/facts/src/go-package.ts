import { join } from 'node:path';
import { type Listing, listDirectory, readHead, readText } from './disk.ts';

/** What the Go files directly in a directory are: a main package, a library, tests alone, or none. */
export type GoPackageKind = 'main' | 'library' | 'tests' | 'none';

/** Enough for licence, build constraints and package comment of nearly every file; a longer head is read whole. */
const HEAD = 8_192;

/** Reads package clauses only. Files that a build never takes (`//go:build ignore`, `_x.go`, `.x.go`) do not count. */
export function readPackageKind(dir: string, listing: Listing = listDirectory(dir)): GoPackageKind {
  let tests = false;
  for (const name of listing.files) {
    if (!name.endsWith('.go') || name.startsWith('_') || name.startsWith('.')) continue;
    if (name.endsWith('_test.go')) {
      tests = true;
      continue;
    }
    const clause = readPackageName(join(dir, name));
    if (clause !== undefined) return clause === 'main' ? 'main' : 'library';
  }
  return tests ? 'tests' : 'none';
}

/** The name in the package clause; undefined for a file that is ignored by its build constraint, or is no Go. */
export function readPackageName(path: string): string | undefined {
  const head = readHead(path, HEAD) ?? '';
  const parsed = parsePackageClause(head.slice(0, head.lastIndexOf('\n') + 1));
  return parsed === 'incomplete' ? foundName(parsePackageClause(readText(path) ?? '')) : foundName(parsed);
}

const foundName = (parsed: PackageClause): string | undefined => (typeof parsed === 'object' ? parsed.name : undefined);

type PackageClause = { readonly name: string } | 'ignored' | 'incomplete';

/** Skips comments as Go does, and looks at the build constraint among them. */
export function parsePackageClause(text: string): PackageClause {
  let rest = text.startsWith('\uFEFF') ? text.slice(1) : text;
  for (;;) {
    rest = rest.replace(/^[\s;]+/, '');
    if (rest.startsWith('//')) {
      const end = rest.indexOf('\n');
      const line = end < 0 ? rest : rest.slice(0, end);
      if (/^\/\/go:build\s+ignore\s*$/.test(line) || /^\/\/\s*\+build\s+ignore\s*$/.test(line)) return 'ignored';
      if (end < 0) return 'incomplete';
      rest = rest.slice(end);
    } else if (rest.startsWith('/*')) {
      const end = rest.indexOf('*/');
      if (end < 0) return 'incomplete';
      rest = rest.slice(end + 2);
    } else {
      const name = /^package\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(rest)?.[1];
      return name === undefined ? 'incomplete' : { name };
    }
  }
}

/** Whether Go's `...` looks into a directory of that name. */
export const isPackageDirectory = (name: string): boolean =>
  !/^[._]/.test(name) && name !== 'testdata' && name !== 'vendor';

/** A directory below another, with a package of one kind in it. */
export interface FoundPackage {
  /** Absolute. */
  readonly dir: string;
  /** Path from where the search began, `''` for itself. */
  readonly below: string;
  readonly kind: GoPackageKind;
}

export interface PackageSearch {
  /** How many levels below `dir`; unlimited without. */
  readonly depth?: number;
  /** Whether a directory is looked into; asked for each below `dir`. */
  enters?(dir: string, listing: Listing): boolean;
}

/** Every directory at or below `dir` that holds Go files, in order of path, as `dir/...` does. */
export function findPackages(dir: string, search: PackageSearch = {}, below = ''): FoundPackage[] {
  const listing = listDirectory(dir);
  if (below !== '' && search.enters?.(dir, listing) === false) return [];
  const kind = readPackageKind(dir, listing);
  const found: FoundPackage[] = kind === 'none' ? [] : [{ dir, below, kind }];
  const depth = search.depth ?? Number.POSITIVE_INFINITY;
  if (depth === 0) return found;
  for (const name of listing.directories.filter(isPackageDirectory)) {
    found.push(
      ...findPackages(join(dir, name), { ...search, depth: depth - 1 }, below === '' ? name : `${below}/${name}`),
    );
  }
  return found;
}
