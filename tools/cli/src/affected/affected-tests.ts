import { posix } from 'node:path';
import { type GraphPackage, type PackageGraph, areTouched } from '@slipway/freshness';
import { askPackages } from '../target-graph.ts';
import { settingsOf } from '../command-inputs.ts';
import { placeInTree } from '../place-in-tree.ts';
import type { Asking } from '../world.ts';

/**
 * The packages whose tests a change of these files, relative to the root, may change: by what they import, their own test
 * files, gone ones included, and what lies in their testdata directories. As directories Go takes: `./pkg/kubelet`.
 */
export async function affectedTests(asking: Asking, files: readonly string[]): Promise<string[]> {
  const { facts, packages, index } = await askPackages(asking, 'with tests');
  index.save();
  const { root } = facts.tree;
  const settings = settingsOf(facts.tree);
  const all = files.some((file) => settings.includes(file));
  const found = packages.flatMap(({ graph, roots }) => {
    const touched = touchedPackages(graph, files, root);
    return roots
      .filter(({ test }) => test)
      .filter((one) => {
        const closure = graph.closureOf(one);
        return (
          all ||
          closure.problem !== undefined ||
          closure.packages.some(({ importPath }) => touched.has(importPath)) ||
          isOwnOfTests(files, one.dir)
        );
      })
      .map(({ dir }) => `./${dir}`);
  });
  return [...new Set(found)].sort();
}

/** By import path. */
function touchedPackages({ packages }: PackageGraph, files: readonly string[], root: string): Set<string> {
  const placeOf = placeInTree(root);
  const inputs = ({ dir, files: used }: GraphPackage): Parameters<typeof areTouched>[0] => {
    const place = placeOf(dir);
    return place === undefined
      ? { dirs: [], files: [] }
      : { dirs: [place], files: used.map((file) => posix.join(place, file)) };
  };
  return new Set(
    packages
      .filter((one) => one.fixedBy === undefined && areTouched(inputs(one), files))
      .map(({ importPath }) => importPath),
  );
}

const isOwnOfTests = (files: readonly string[], dir: string): boolean =>
  files.some(
    (file) =>
      (file.endsWith('_test.go') && posix.dirname(file) === dir) || file.startsWith(`${posix.join(dir, 'testdata')}/`),
  );
