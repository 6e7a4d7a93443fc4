import { expect, it } from 'vitest';
import { checkGraph } from './check-graph.ts';
import { emptyPart, packageGraph } from './package-graph.ts';
import type { GraphPackage, PackageGraph } from './port.ts';

const root = { importPath: 'a', test: false };

const graphOf = (...packages: GraphPackage[]): PackageGraph =>
  packageGraph({
    plain: { ...emptyPart, packages: new Map(packages.map((one) => [one.importPath, one])) },
    test: emptyPart,
  });

const one = (importPath: string, imports: string[] = [], change: Partial<GraphPackage> = {}): GraphPackage => ({
  importPath,
  dir: `/${importPath}`,
  files: ['x.go'],
  imports,
  fixedBy: undefined,
  goVersion: '1.21',
  ...change,
});

it('reports each difference once, and none for equal graphs', () => {
  const kept = graphOf(one('a', ['b', 'c']), one('b'), one('c'));
  expect(checkGraph(kept, graphOf(one('a', ['b', 'c']), one('b'), one('c')), [root])).toEqual([]);
  const fresh = graphOf(
    one('a', ['b', 'd']),
    one('b', [], { files: ['y.go'], goVersion: undefined, dir: '/v/b' }),
    one('d'),
  );
  expect(checkGraph(kept, fresh, [root, root]).toSorted()).toEqual(
    [
      'a: package c is no longer imported',
      'a: package c is no longer imported',
      'a: package d is missing',
      'a: package d is missing',
      'package a: import c is no longer there',
      'package a: import d is missing',
      'package b: directory kept /b, now /v/b',
      'package b: file x.go is no longer there',
      'package b: file y.go is missing',
      'package b: go line kept 1.21, now none',
    ].toSorted(),
  );
  expect(checkGraph(kept, graphOf(), [root])[0]).toBe('a: problem kept none, now a: Go was not asked for it');
});
