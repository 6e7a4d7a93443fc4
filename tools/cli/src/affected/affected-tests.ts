import { posix } from 'node:path';
import { type Changes, type PackageGraph, areTouched } from '@slipway/freshness';
import { askPackages } from '../target-graph.ts';
import { settingsOf } from '../command-inputs.ts';
import { type PackageInputs, packageInputs } from './package-inputs.ts';
import type { Asking } from '../services.ts';

/**
 * The packages whose tests depend on changes: through imports, through their own test files (deleted ones too), and
 * through their testdata directories. The result has directories as Go accepts them: `./pkg/kubelet`.
 */
export async function affectedTests(asking: Asking, changes: Changes): Promise<{ tests: string[]; read: string[] }> {
  const { facts, packages, index } = await askPackages(asking, 'with tests');
  index.save();
  const inputs = packageInputs(facts.tree.root);
  const settings = settingsOf(facts.tree, asking.services.disk);
  const all = changes.files.some((file) => settings.includes(file));
  const found = packages.flatMap(({ graph, roots }) => {
    const touched = touchedPackages(graph, changes, inputs);
    return roots
      .filter(({ test }) => test)
      .filter((one) => {
        const closure = graph.closureOf(one);
        return (
          all ||
          closure.problem !== undefined ||
          closure.packages.some(({ importPath }) => touched.has(importPath)) ||
          isOwnOfTests(changes, one.dir)
        );
      })
      .map(({ dir }) => `./${dir}`);
  });
  const read = packages.flatMap(({ graph }) => inputs.read(graph.packages));
  return { tests: [...new Set(found)].sort(), read };
}

/** By import path. */
function touchedPackages({ packages }: PackageGraph, changes: Changes, inputs: PackageInputs): Set<string> {
  const touched = packages.filter((one) => one.fixedBy === undefined && areTouched(inputs.of([one]), changes));
  return new Set(touched.map(({ importPath }) => importPath));
}

const isOwnOfTests = ({ files, below }: Changes, dir: string): boolean =>
  below.some(
    (top) => posix.join(dir, 'testdata').startsWith(`${top}/`) || top.startsWith(`${posix.join(dir, 'testdata')}/`),
  ) ||
  files.some(
    (file) =>
      (file.endsWith('_test.go') && posix.dirname(file) === dir) || file.startsWith(`${posix.join(dir, 'testdata')}/`),
  );
