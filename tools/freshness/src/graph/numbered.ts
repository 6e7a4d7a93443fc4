import type { GraphPackage } from './port.ts';

/** Packages by number, sorted by import path. Closures of thousands of packages are then marks in an array. */
export interface Numbered {
  readonly packages: readonly GraphPackage[];
  /** Undefined for unknown packages. */
  numberOf(importPath: string): number | undefined;
  readonly imports: readonly (readonly number[])[];
}

/** Results derived from a map, kept as long as the map. */
const known = new WeakMap<ReadonlyMap<string, GraphPackage>, Numbered>();

/** The map must not change afterwards. */
export function numbered(packages: ReadonlyMap<string, GraphPackage>): Numbered {
  const found = known.get(packages) ?? number(packages);
  known.set(packages, found);
  return found;
}

function number(packages: ReadonlyMap<string, GraphPackage>): Numbered {
  const ordered = [...packages.values()];
  if (!isOrdered(ordered)) ordered.sort((one, other) => (one.importPath < other.importPath ? -1 : 1));
  const numbers = new Map<string, number>();
  for (const one of ordered) numbers.set(one.importPath, numbers.size);
  return {
    packages: ordered,
    numberOf: (importPath) => numbers.get(importPath),
    imports: ordered.map(({ imports }) => {
      const result: number[] = [];
      for (const path of imports) {
        const to = numbers.get(path);
        if (to !== undefined) result.push(to);
      }
      return result;
    }),
  };
}

const isOrdered = (packages: readonly GraphPackage[]): boolean =>
  packages.every((one, index) => index === 0 || packages[index - 1]!.importPath < one.importPath);

/** Everything reachable along `edges`, including the starts, in order. */
export function reach(edges: readonly (readonly number[])[], starts: Iterable<number>): number[] {
  const seen = new Uint8Array(edges.length);
  const queue: number[] = [];
  const visit = (one: number): void => {
    if (seen[one] === 1) return;
    seen[one] = 1;
    queue.push(one);
  };
  for (const one of starts) visit(one);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) for (const one of edges[next]!) visit(one);
  const result: number[] = [];
  for (let one = 0; one < seen.length; one++) if (seen[one] === 1) result.push(one);
  return result;
}

export function reversed(edges: readonly (readonly number[])[]): number[][] {
  const result: number[][] = edges.map(() => []);
  for (const [from, tos] of edges.entries()) for (const to of tos) result[to]!.push(from);
  return result;
}
