import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from '@slipway/facts';
import type { GraphPackage } from '@slipway/freshness';
import type { Importing } from '@slipway/inspect/import-rules';

type PlaceOf = (one: Pick<GraphPackage, 'importPath' | 'dir'>) => string | undefined;

/** Merges the test variants of a package into it. Variants of a package that is only imported are ignored. */
export function importing(packages: readonly GraphPackage[], placeOf: PlaceOf): Importing[] {
  const known = new Set(packages.map(({ importPath }) => importPath.split(' ')[0]!));
  const all = new Map(packages.map((one) => [one.importPath, one]));
  const importsAt = (importPath: string, place: string | undefined): string[] => {
    const one = all.get(importPath);
    if (one === undefined) return [];
    const inGraph = one.imports.map((path) => path.split(' ')[0]!);
    return [...inGraph, ...(place === undefined ? [] : standardImports(one, known))].sort();
  };
  return [...all.values()]
    .filter(({ importPath }) => !importPath.includes(' ') && !isTestMain(importPath, all))
    .map((one): Importing => {
      const { importPath } = one;
      const place = placeOf(one);
      const variant = `[${importPath}.test]`;
      return {
        importPath,
        place,
        imports: importsAt(importPath, place),
        testImports: importsAt(`${importPath} ${variant}`, place),
        externalTestImports: importsAt(`${importPath}_test ${variant}`, place),
      };
    });
}

const isTestMain = (importPath: string, all: ReadonlyMap<string, GraphPackage>): boolean =>
  all.get(importPath)?.files.length === 0 && importPath.endsWith('.test');

/** The graph does not contain Go's library. The imports in the package's Go files name those packages. */
function standardImports({ dir, files }: GraphPackage, known: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const file of files.filter((name) => name.endsWith('.go')))
    for (const path of importsOf(readFileSync(join(dir, file), 'utf8')))
      if (path !== 'C' && !path.split('/', 1)[0]!.includes('.') && !known.has(path)) found.add(path);
  return [...found];
}
