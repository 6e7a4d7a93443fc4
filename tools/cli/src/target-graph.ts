import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import {
  type GraphPackage,
  type GraphRoot,
  type TargetGraph,
  checkRunRecord,
  questionOf,
  targetGraph,
  writeRunRecord,
} from '@slipway/freshness';
import { findRoot, inheritedEnvironment, packagesBelow, pathsRead, readPackageName } from '@slipway/facts';
import { packageSteps } from '@slipway/plan';
import { openQuestions } from './graphs.ts';
import { toolchainPaths } from './incremental.ts';
import { runRecordDirectory } from './run-record-directory.ts';
import { slipwayIdentity } from './slipway-version.ts';
import type { Asking } from './world.ts';

/**
 * Every package of the tree and all it imports, on this machine's platform; with their test binaries when `tests` says so. When
 * nothing changed since the last question it is read back whole, after a look at the stats of what it rests on.
 */
export async function readTargetGraph(asking: Asking, tests: 'with tests' | 'without tests'): Promise<TargetGraph> {
  const { line, world } = asking;
  const root = findRoot(world.cwd);
  const key = JSON.stringify([
    slipwayIdentity(),
    root,
    tests,
    line.profile,
    Object.entries(line.variables).sort(),
    inheritedEnvironment(world.environment),
  ]);
  const records = runRecordDirectory(world.environment);
  const file = records === undefined ? undefined : join(records, `targets-${hash('sha256', key)}`);
  const kept = file === undefined ? undefined : checkRunRecord(file, key);
  if (kept?.fresh === true) return JSON.parse(kept.payload) as TargetGraph;
  const { graph, inputs, index } = await askTargets(asking, tests === 'with tests');
  if (file !== undefined) writeRunRecord(file, { key, payload: JSON.stringify(graph), inputs, outputs: [], index });
  index.save();
  return graph;
}

async function askTargets(
  asking: Asking,
  tests: boolean,
): Promise<{ graph: TargetGraph; inputs: string[] } & Pick<ReturnType<typeof openQuestions>, 'index'>> {
  const facts = await asking.facts();
  const { root } = facts.tree;
  const { index, graphs } = openQuestions(root, asking.line, asking.world);
  const own = packagesBelow(facts.tree, '.');
  const tested = new Set(own.filter((one) => one.hasTests).map(({ command }) => command.importPath));
  const found: GraphPackage[] = [];
  for (const step of packageSteps(
    facts,
    asking.line,
    own.map(({ command }) => command),
  )) {
    const question = questionOf(step, step.go!, { toolchain: facts.toolchain, environment: facts.environment });
    const roots: GraphRoot[] = step.go!.parts.flatMap(({ importPath }) => [
      { importPath, test: false },
      ...(tests && tested.has(importPath) ? [{ importPath, test: true }] : []),
    ]);
    const { graph } = await graphs.load(question, roots);
    const isEmpty = (one: GraphPackage): boolean => !one.files.some((name) => name.endsWith('.go'));
    const left = new Set(
      roots
        .filter((each) => !each.test)
        .filter((each) =>
          graph.closureOf(each).packages.some((one) => one.importPath === each.importPath && isEmpty(one)),
        )
        .filter((each) => graph.closureOf(each).problem !== undefined)
        .map((each) => each.importPath),
    );
    found.push(...graph.packages.filter((one) => !left.has(one.importPath)));
  }
  const graph = targetGraph(found, { labelOf: labels(root), isMain });
  return { graph, inputs: [...pathsRead(), ...toolchainPaths(facts), ...index.paths()], index };
}

/** Of Go's first file, as all it uses have the same. */
function isMain({ dir, files }: GraphPackage): boolean {
  const file = files.find((name) => name.endsWith('.go'));
  return file !== undefined && readPackageName(join(dir, file)) === 'main';
}

/** By place, links seen through: a vendored link to staging/ is a package of staging/. */
function labels(root: string): (one: Pick<GraphPackage, 'importPath' | 'dir'>) => string {
  return ({ importPath, dir }) => {
    const inner = relative(root, realPath(dir));
    return dir === '' || inner.startsWith('..') ? `@${importPath}` : `//${inner.split(sep).join('/')}`;
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
