import { join } from 'node:path';
import { INCOMPLETE } from './listed.ts';
import { numbered, reach, reversed } from './numbered.ts';
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
  const all =
    parts.test.packages.size === 0 ? parts.plain.packages : new Map([...parts.plain.packages, ...parts.test.packages]);
  const closures = new Map<string, Closure>();
  let importers: number[][] | undefined;
  return {
    packages: numbered(all).packages,
    closureOf(root) {
      const key = `${root.test} ${root.importPath}`;
      const found = closures.get(key) ?? closureIn(partOf(root), root.importPath);
      closures.set(key, found);
      return found;
    },
    why: (root, target) => chain(partOf(root), root.importPath, target),
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
  // A package of the standard library is a root without packages of ours.
  if (first === undefined)
    return {
      root,
      packages: [],
      problem: part.problem ?? (start === undefined ? `${root}: Go was not asked for it` : undefined),
    };
  const reached = reach(imports, [first]).map((one) => packages[one]!);
  return {
    root,
    packages: reached,
    problem: part.problem ?? tellingProblem(reached.flatMap((one) => part.problems.get(one.importPath) ?? [])),
  };
}

const tellingProblem = (problems: readonly string[]): string | undefined =>
  problems.find((problem) => !problem.endsWith(INCOMPLETE)) ?? problems[0];

/** Any package can be asked for: all it imports is there, too. */
const startOf = (part: GraphPart, root: string): string | undefined =>
  part.roots.get(root) ?? (part.packages.has(root) ? root : undefined);

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
  file.startsWith(dir) &&
  files.some((name) => name.length === file.length - dir.length - 1 && join(dir, name) === file);
