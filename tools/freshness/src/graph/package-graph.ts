import { join } from 'node:path';
import { INCOMPLETE } from './listed.ts';
import { numbered, reach, reversed } from './numbered.ts';
import type { Closure, GraphPackage, GraphRoot, LibraryPackage, PackageGraph } from './port.ts';

/** The part of an answer that a query uses. Test variants and plain packages are two parts. */
export interface GraphPart {
  readonly packages: ReadonlyMap<string, GraphPackage>;
  readonly roots: ReadonlyMap<string, string>;
  readonly library: readonly LibraryPackage[];
  /** By import path, where there is one. */
  readonly problems: ReadonlyMap<string, string>;
  /** Why the graph is unknown. */
  readonly problem: string | undefined;
}

export interface GraphParts {
  readonly plain: GraphPart;
  readonly test: GraphPart;
}

export const emptyPart: GraphPart = {
  packages: new Map(),
  roots: new Map(),
  library: [],
  problems: new Map(),
  problem: undefined,
};

export function packageGraph(parts: GraphParts): PackageGraph {
  const partOf = (root: GraphRoot): GraphPart => (root.test ? parts.test : parts.plain);
  const all =
    parts.test.packages.size === 0 ? parts.plain.packages : new Map([...parts.plain.packages, ...parts.test.packages]);
  const closures = new Map<string, Closure>();
  const waysOf = new Map<string, Ways>();
  let importers: number[][] | undefined;
  return {
    packages: numbered(all).packages,
    closureOf(root) {
      const key = `${root.test} ${root.importPath}`;
      const found = closures.get(key) ?? closureIn(partOf(root), root.importPath);
      closures.set(key, found);
      return found;
    },
    why(root, target) {
      const key = `${root.test} ${root.importPath}`;
      const ways = waysOf.get(key) ?? waysFrom(partOf(root), root.importPath);
      waysOf.set(key, ways);
      const end = [...ways.keys()].find((path) => isOrUses(partOf(root).packages.get(path)!, target));
      return end === undefined ? undefined : unwind(ways, end);
    },
    importersOf(importPaths) {
      const { imports, numberOf, packages } = numbered(all);
      importers ??= reversed(imports);
      return new Set(
        reach(
          importers,
          [...importPaths].flatMap((path) => numberOf(path) ?? []),
        ).map((one) => packages[one]!.importPath),
      );
    },
    packagesOf: (file) =>
      numbered(all)
        .packages.filter((one) => uses(one, file))
        .map((one) => one.importPath),
  };
}

function closureIn(part: GraphPart, root: string): Closure {
  const start = startOf(part, root);
  const { imports, numberOf, packages } = numbered(part.packages);
  const first = start === undefined ? undefined : numberOf(start);
  // The root is a package of the standard library, without other packages.
  if (first === undefined)
    return {
      root,
      packages: [],
      library: part.library,
      problem: part.problem ?? (start === undefined ? `${root}: Go was not asked for it` : undefined),
    };
  const reached = reach(imports, [first]).map((one) => packages[one]!);
  return {
    root,
    packages: reached,
    library: part.library,
    problem: part.problem ?? tellingProblem(reached.flatMap((one) => part.problems.get(one.importPath) ?? [])),
  };
}

const tellingProblem = (problems: readonly string[]): string | undefined =>
  problems.find((problem) => !problem.endsWith(INCOMPLETE)) ?? problems[0];

/** Any package can be a root, because the graph contains all its imports. */
const startOf = (part: GraphPart, root: string): string | undefined =>
  part.roots.get(root) ?? (part.packages.has(root) ? root : undefined);

/** Each reachable package, nearest first, with the package that leads to it; undefined for the root. */
type Ways = ReadonlyMap<string, string | undefined>;

function waysFrom(part: GraphPart, root: string): Ways {
  const start = startOf(part, root);
  const ways = new Map<string, string | undefined>();
  if (start !== undefined && part.packages.has(start)) ways.set(start, undefined);
  for (const path of ways.keys())
    for (const next of part.packages.get(path)!.imports)
      if (!ways.has(next) && part.packages.has(next)) ways.set(next, path);
  return ways;
}

const isOrUses = (one: GraphPackage, target: string): boolean =>
  one.importPath === target || withoutVariant(one.importPath) === target || uses(one, target);

function unwind(from: Ways, end: string): string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = from.get(at)) path.unshift(at);
  return path;
}

/** `p` of `p [q.test]`. */
const withoutVariant = (importPath: string): string => {
  const space = importPath.indexOf(' ');
  return space < 0 ? importPath : importPath.slice(0, space);
};

const uses = ({ dir, files }: GraphPackage, file: string): boolean =>
  file.startsWith(dir) &&
  files.some((name) => name.length === file.length - dir.length - 1 && join(dir, name) === file);
