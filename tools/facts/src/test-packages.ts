import { join, posix, relative } from 'node:path';
import {
  type Environment,
  type Platform,
  type TestFacts,
  type TestPackage,
  type Tree,
  isExclusion,
  isLabel,
  mayTake,
  parseLabel,
} from '@slipway/model';
import { nearest } from '@slipway/catalog';
import { type Disk, type Rooted, realPath } from './disk.ts';
import type { TestAnswer } from './golang-sh/ask-test.ts';
import { packageClause } from './go-package.ts';
import { type TreePackage, packagesBelow } from './packages.ts';
import { directoryOf, fixedPart, pathInTree, patternTest } from './resolve-words.ts';

/** The settings that decide which test files Go includes. */
interface Testing {
  readonly platform: Platform;
  readonly tags: readonly string[];
  /** The answer of the tree's own script. */
  readonly script?: TestAnswer | undefined;
  readonly environment?: Environment;
}

/**
 * The packages with tests for these words: a directory (`pkg/kubelet`, `./pkg/kubelet/...`), an import path with or
 * without `...`, a label, a label that excludes. Without words: the packages of the tree's own script, else all
 * packages of all modules except those of `test-integration`.
 */
export function readTests(tree: Tree & Rooted, words: readonly string[], testing: Testing): TestFacts {
  const { script } = testing;
  const added = words.filter((word) => !isExclusion(word));
  const wanted = (added.length > 0 ? added : (script?.packages ?? everything(tree))).map((word) => found(tree, word));
  const excluded = new Set(
    words
      .filter(isExclusion)
      .flatMap((word) => found(tree, word.slice(1)).packages)
      .map(({ command }) => command.target),
  );
  const integration = added.length > 0 || script !== undefined ? [] : tree.integration.packages;
  const isIntegration = (dir: string): boolean =>
    integration.some((each) => dir === each || dir.startsWith(`${each}/`));
  const all = new Map(wanted.flatMap(({ packages }) => packages).map((each) => [each.command.target, each]));
  const packages = [...all.values()].filter(
    ({ command: { target } }) => !excluded.has(target) && !isIntegration(target),
  );
  const isTested = ({ command, hasTests }: TreePackage): boolean =>
    hasTests && takesTests(tree.disk, join(tree.root, command.target), testing);
  return {
    packages: packages
      .filter(isTested)
      .map(placed)
      .sort((a, b) => (a.dir < b.dir ? -1 : 1)),
    unknown: wanted
      .filter((each) => each.packages.length === 0)
      .map(({ word }) => ({ word, nearest: nearest(word.replace(/\/\.\.\.$/, ''), directories(tree)) })),
    untested: wanted
      .filter(({ isPattern }) => !isPattern)
      .flatMap((each) => each.packages.filter((one) => !isTested(one)).map(({ command }) => command.target)),
    environment: testing.environment ?? {},
    script: script && { flags: script.flags, environment: script.environment },
  };
}

/** Without modules the tree is one module. */
const everything = ({ modules }: Tree): string[] =>
  modules.length === 0 ? ['...'] : modules.map(({ dir }) => `${dir}/...`);

interface Found {
  readonly word: string;
  readonly packages: readonly TreePackage[];
  readonly isPattern: boolean;
}

function found(tree: Tree & Rooted, word: string): Found {
  const path = isLabel(word) ? pathOfLabel(word) : pathInTree(tree.root, word);
  const isPattern = path?.includes('...') === true;
  const within = path === undefined ? undefined : isPattern ? inPattern(tree, path) : inDirectory(tree, path);
  return { word, packages: within ?? [], isPattern };
}

/** As a path: `//pkg/...:all` → `pkg/...`. */
function pathOfLabel(word: string): string | undefined {
  const parsed = parseLabel(word);
  if (!parsed.ok) return undefined;
  const { path, names } = parsed.label;
  return names === 'below' ? posix.join(path, '...') : path || '.';
}

function inDirectory(tree: Tree & Rooted, path: string): TreePackage[] {
  const dir = tree.disk.isDirectory(join(tree.root, path)) ? path : directoryOf(tree, path);
  if (dir === undefined) return [];
  // vendor/ contains links to staging.
  const real = relative(tree.root, realPath(join(tree.root, dir)));
  return packagesBelow(tree, real.startsWith('..') ? dir : real || '.', 0);
}

function inPattern(tree: Tree & Rooted, pattern: string): TreePackage[] {
  const path = tree.disk.isDirectory(join(tree.root, fixedPart(pattern))) ? pattern : directoryOf(tree, pattern);
  if (path === undefined) return [];
  const matches = patternTest(path);
  return packagesBelow(tree, fixedPart(path)).filter(({ command }) => matches(command.target));
}

const placed = ({ command: { importPath, target, moduleDir } }: TreePackage): TestPackage => ({
  importPath,
  dir: target,
  moduleDir,
});

/**
 * Reports whether a build includes one of a directory's test files. For a file without a package clause, Go reports the
 * error.
 */
const takesTests = (disk: Disk, dir: string, testing: Testing): boolean =>
  disk.listDirectory(dir).files.some((file) => {
    if (!file.endsWith('_test.go')) return false;
    const clause = packageClause(disk, dir, file);
    return clause !== undefined && mayTake(clause, testing);
  });

const directories = ({ root, disk, modules }: Tree & Rooted): string[] =>
  modules.flatMap(({ dir, path }) => [
    path,
    ...disk.listDirectory(join(root, dir)).directories.map((name) => posix.join(dir, name)),
  ]);
