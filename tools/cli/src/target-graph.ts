import { hash } from 'node:crypto';
import { join } from 'node:path';
import {
  type ContentIndex,
  type GraphPackage,
  type GraphRoot,
  type PackageGraph,
  type TargetGraph,
  checkRunRecord,
  goListQuery,
  targetGraph,
  writeRunRecord,
} from '@slipway/freshness';
import { knownEnvironment } from '@slipway/catalog';
import { type Disk, packagesBelow, readPackageName } from '@slipway/facts';
import type { Importing } from '@slipway/inspect/import-rules';
import { type Facts, goBuildOf } from '@slipway/model';
import { hostPlace, outputNames, packageSteps } from '@slipway/plan';
import { goCommandsOf } from './go-commands.ts';
import { openGraphs } from './graphs.ts';
import { placeInTree } from './place-in-tree.ts';
import { importing } from './importing.ts';
import { toolchainPaths } from './incremental.ts';
import { runRecordDirectory } from './run-record-directory.ts';
import { slipwayIdentity } from './slipway-version.ts';
import type { Asking } from './services.ts';
import { treeRoot } from './tree-root.ts';

/**
 * All packages of the tree and their imports, for this machine's platform; with their test binaries if `tests` says so.
 * If nothing changed since the last query, the answer is read back after a check of its files' stats.
 */
export const readTargetGraph = (asking: Asking, tests: 'with tests' | 'without tests'): Promise<TargetGraph> =>
  readKept(asking, {
    name: 'targets',
    tests,
    answer: (found, root) => targetGraph(found, { labelOf: labels(root), isMain: isMain(asking.services.disk) }),
  });

/** The same packages with their imports, without tests. */
export const readImporting = (asking: Asking): Promise<Importing[]> =>
  readKept(asking, {
    name: 'imports',
    tests: 'with tests',
    answer: (found, root) => {
      const placeOf = placeInTree(root);
      const own = (place: string | undefined): string | undefined => (place?.startsWith('vendor/') ? undefined : place);
      return importing(found, ({ dir }) => own(placeOf(dir)));
    },
  });

interface Kept<A> {
  readonly name: string;
  readonly tests: 'with tests' | 'without tests';
  /** Converts Go's answer to JSON. */
  readonly answer: (found: readonly GraphPackage[], root: string) => A;
}

async function readKept<A>(asking: Asking, { name, tests, answer }: Kept<A>): Promise<A> {
  const { line, services } = asking;
  const root = treeRoot(services.cwd, services.environment);
  const key = JSON.stringify([
    slipwayIdentity(),
    root,
    tests,
    line.profile,
    line.noConfig,
    Object.entries(line.variables).sort(),
    knownEnvironment(services.environment),
  ]);
  const records = runRecordDirectory(services.environment);
  const file = records === undefined ? undefined : join(records, `${name}-${hash('sha256', key)}`);
  const kept = file === undefined ? undefined : checkRunRecord(file, key);
  if (kept?.fresh === true) return JSON.parse(kept.payload) as A;
  const { found, inputs, index } = await askFound(asking, tests);
  const answered = answer(found, root);
  if (file !== undefined) writeRunRecord(file, { key, payload: JSON.stringify(answered), inputs, outputs: [], index });
  index.save();
  return answered;
}

/** Packages of the tree that Go compiles in the same way, with all their imports. */
export interface AskedPackages {
  readonly graph: PackageGraph;
  readonly roots: readonly (GraphRoot & { readonly dir: string })[];
}

/** All packages of the tree for this machine's platform, from records or from Go. The caller saves the index. */
export async function askPackages(
  asking: Asking,
  tests: 'with tests' | 'without tests',
): Promise<{ facts: Facts; packages: AskedPackages[]; index: ContentIndex }> {
  const facts = await asking.facts();
  await using opened = await openGraphs(facts, asking.line, asking.services);
  const { index, graphs } = opened;
  const own = new Map(
    packagesBelow({ ...facts.tree, disk: asking.services.disk }, '.').map((one) => [one.command.importPath, one]),
  );
  const host = hostPlace(facts, outputNames(asking.line.variables));
  const packages: AskedPackages[] = [];
  for (const step of packageSteps(
    facts,
    asking.line,
    [...own.values()].map(({ command }) => command),
  )) {
    const { toolchain, environment } = facts;
    const query = goListQuery(step, goBuildOf(step)!, { toolchain, environment, host });
    const roots = goCommandsOf(step).flatMap(({ importPath }) => {
      const { command, hasTests } = own.get(importPath)!;
      const plain = { importPath, test: false, dir: command.target };
      return tests === 'with tests' && hasTests ? [plain, { ...plain, test: true }] : [plain];
    });
    packages.push({ graph: (await graphs.load(query, roots)).graph, roots });
  }
  return { facts, packages, index };
}

/** Packages with Go files, and packages that Go can explain the absence of. */
async function askFound(
  asking: Asking,
  tests: 'with tests' | 'without tests',
): Promise<{ found: GraphPackage[]; inputs: string[]; index: ContentIndex }> {
  const { facts, packages, index } = await askPackages(asking, tests);
  const isEmpty = (one: GraphPackage): boolean => !one.files.some((name) => name.endsWith('.go'));
  const found = packages.flatMap(({ graph, roots }) => {
    const left = new Set(
      roots
        .filter((each) => !each.test)
        .filter((each) =>
          graph.closureOf(each).packages.some((one) => one.importPath === each.importPath && isEmpty(one)),
        )
        .filter((each) => graph.closureOf(each).problem !== undefined)
        .map((each) => each.importPath),
    );
    return graph.packages.filter((one) => !left.has(one.importPath));
  });
  return { found, inputs: [...asking.services.disk.pathsRead(), ...toolchainPaths(facts), ...index.paths()], index };
}

/** Decided by the first Go file, because all files have the same package clause. */
const isMain =
  (disk: Disk) =>
  ({ dir, files }: GraphPackage): boolean => {
    const file = files.find((name) => name.endsWith('.go'));
    return file !== undefined && readPackageName(disk, join(dir, file)) === 'main';
  };

/** By real path: a vendored link to staging/ is a package of staging/. */
function labels(root: string): (one: Pick<GraphPackage, 'importPath' | 'dir'>) => string {
  const placeOf = placeInTree(root);
  return ({ importPath, dir }) => {
    const place = placeOf(dir);
    return place === undefined ? `@${importPath}` : `//${place === '.' ? '' : place}`;
  };
}
