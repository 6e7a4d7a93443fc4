import { join } from 'node:path';
import { INCOMPLETE } from './listed.ts';
import type { Closure, GraphPackage, GraphRoot, PackageGraph } from './port.ts';

/** The part of an answer that questions are put to; test variants and plain packages are two parts. */
export interface GraphPart {
  readonly packages: ReadonlyMap<string, GraphPackage>;
  readonly roots: ReadonlyMap<string, string>;
  /** By import path, where there is one. */
  readonly problems: ReadonlyMap<string, string>;
  /** Why nothing is known. */
  readonly problem: string | undefined;
}

export interface GraphParts {
  readonly plain: GraphPart;
  readonly test: GraphPart;
}

export const emptyPart: GraphPart = { packages: new Map(), roots: new Map(), problems: new Map(), problem: undefined };

export function packageGraph(parts: GraphParts): PackageGraph {
  const partOf = (root: GraphRoot): GraphPart => (root.test ? parts.test : parts.plain);
  const packages = new Map([...parts.plain.packages, ...parts.test.packages]);
  const closures = new Map<string, Closure>();
  let importers: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    packages: [...packages.values()],
    closureOf(root) {
      const key = `${root.test} ${root.importPath}`;
      const found = closures.get(key) ?? closureIn(partOf(root), root.importPath);
      closures.set(key, found);
      return found;
    },
    why: (root, target) => chain(partOf(root), root.importPath, target),
    importersOf(importPaths) {
      importers ??= reversed(packages.values());
      return reach(importPaths, (path) => importers?.get(path) ?? []);
    },
    packagesOf: (file) => [...packages.values()].filter((one) => uses(one, file)).map((one) => one.importPath),
  };
}

function closureIn(part: GraphPart, root: string): Closure {
  const start = startOf(part, root);
  if (start === undefined) return { root, packages: [], problem: part.problem ?? `${root}: Go was not asked for it` };
  const paths = [...reach([start], (path) => part.packages.get(path)?.imports ?? [])].sort();
  return {
    root,
    packages: paths.flatMap((path) => part.packages.get(path) ?? []),
    problem: part.problem ?? tellingProblem(paths.flatMap((path) => part.problems.get(path) ?? [])),
  };
}

const tellingProblem = (problems: readonly string[]): string | undefined =>
  problems.find((problem) => !problem.endsWith(INCOMPLETE)) ?? problems[0];

/** Any package can be asked for: all it imports is there, too. */
const startOf = (part: GraphPart, root: string): string | undefined => part.roots.get(root) ?? (part.packages.has(root) ? root : undefined);

function chain(part: GraphPart, root: string, target: string): string[] | undefined {
  const start = startOf(part, root);
  if (start === undefined) return undefined;
  const from = new Map<string, string | undefined>([[start, undefined]]);
  for (const path of from.keys()) {
    const found = part.packages.get(path);
    if (found === undefined) continue;
    if (path === target || withoutVariant(path) === target || uses(found, target)) return unwind(from, path);
    for (const next of found.imports) if (!from.has(next)) from.set(next, path);
  }
  return undefined;
}

function unwind(from: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = from.get(at)) path.unshift(at);
  return path;
}

/** `p` of `p [q.test]`. */
export const withoutVariant = (importPath: string): string => {
  const space = importPath.indexOf(' ');
  return space < 0 ? importPath : importPath.slice(0, space);
};

const uses = ({ dir, files }: GraphPackage, file: string): boolean =>
  file.startsWith(dir) && files.some((name) => name.length === file.length - dir.length - 1 && join(dir, name) === file);

/** What can be reached from some packages, themselves included. */
export function reach(starts: Iterable<string>, next: (path: string) => readonly string[]): Set<string> {
  const seen = new Set(starts);
  for (const path of seen) for (const one of next(path)) seen.add(one);
  return seen;
}

function reversed(packages: Iterable<GraphPackage>): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const { importPath, imports } of packages) {
    for (const path of imports) {
      const found = importers.get(path);
      if (found === undefined) importers.set(path, [importPath]);
      else found.push(importPath);
    }
  }
  return importers;
}
