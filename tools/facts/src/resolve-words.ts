import { isAbsolute, join, posix, relative, sep } from 'node:path';
import {
  type Command,
  type LabelResult,
  type ResolvedWord,
  type Tree,
  isExclusion,
  isLabel,
  parseLabel,
} from '@slipway/model';
import { realPath } from './disk.ts';
import { findPackages } from './go-package.ts';
import {
  type PackageRoot,
  commandAt,
  executableName,
  isIgnored,
  packagesBelow,
  placeOf,
  testCommandAt,
} from './packages.ts';

/** The facts for looking up a word. */
export type WordRoot = PackageRoot & Pick<Tree, 'commands' | 'aliases'>;

/** Looks up words of WHAT that do not begin with a dash. An unknown word has no commands. */
export const resolveWords = (tree: WordRoot, words: readonly string[]): ResolvedWord[] =>
  words.map((word) => ({ word, commands: resolveWord(tree, word) }));

/**
 * In this order: a label; a known target, alias or import path; a pattern with `...`; a test binary; a directory; an
 * import path of the tree's modules or of vendor/; the bare name of a command; the end of a command's path. All
 * spellings of a command give the same command.
 */
export function resolveWord(tree: WordRoot, word: string): readonly Command[] {
  if (isLabel(word)) return labelled(tree, parseLabel(isExclusion(word) ? word.slice(1) : word));
  const path = pathInTree(tree.root, word);
  if (path === undefined) return [];
  const target = tree.commands.find((command) => command.target === path);
  if (target !== undefined) return [target];
  if (Object.hasOwn(tree.aliases, path)) return [aliased(tree, path)];
  if (path.includes('...')) return mainsMatching(tree, path);
  const found = findByPath(tree, path);
  if (found !== undefined) return [found];
  const named = tree.commands.filter((command) => command.name === path);
  if (named.length > 0) return named;
  const ending = tree.commands.filter((command) => command.target.endsWith(`/${path}`));
  return ending.length === 1 ? ending : [];
}

/** The commands that a pattern matches; if there are none, its libraries, which are then compiled. */
function labelled(tree: WordRoot, parsed: LabelResult): readonly Command[] {
  if (!parsed.ok) return [];
  const { path, names } = parsed.label;
  if (names === 'below') {
    const found = packagesBelow(tree, path || '.').map(({ command }) => asKnown(tree, command));
    const mains = found.filter(({ kind }) => kind === 'main');
    return mains.length > 0 ? mains : found.filter(({ kind }) => kind === 'library');
  }
  const target = names === 'test' ? `${path}/${posix.basename(path)}.test` : path || '.';
  const known = tree.commands.find((command) => command.target === target);
  return [known ?? findByPath(tree, target)].filter((command) => command !== undefined);
}

/** An alias may name a package of a foreign module, so slipway does not check that it exists. */
function aliased(tree: WordRoot, alias: string): Command {
  const importPath = tree.aliases[alias]!;
  const elsewhere = (): Command => ({
    name: executableName(importPath),
    target: importPath,
    importPath,
    kind: 'main',
    moduleDir: '.',
  });
  return findByPath(tree, importPath) ?? elsewhere();
}

/** By import path, directory, or the directory of an import path. */
function findByPath(tree: WordRoot, path: string): Command | undefined {
  const known = tree.commands.find((command) => command.importPath === path && command.kind !== 'test');
  const found = known ?? builtAt(tree, path) ?? builtAt(tree, directoryOf(tree, path));
  return found && asKnown(tree, found);
}

/**
 * Relative to the root without `./` and trailing slashes; an import path is returned unchanged. Undefined outside the
 * tree.
 */
export function pathInTree(root: string, word: string): string | undefined {
  const written = sep === '\\' ? word.replaceAll(sep, '/') : word;
  const path = isAbsolute(word) ? absoluteInTree(root, word) : written;
  const clean = posix.normalize(path).replace(/\/+$/, '');
  return clean === '..' || clean.startsWith('../') ? undefined : clean === '' ? '.' : clean;
}

/** For an absolute path. Links above the tree are resolved. */
function absoluteInTree(root: string, word: string): string {
  const beyond = /(\/\.\.\.|\/[^/]*\.test)$/.exec(word)?.[0] ?? '';
  const path = realPath(word.slice(0, word.length - beyond.length));
  const logical = relative(root, path);
  return `${logical === '' ? '.' : logical.split(sep).join('/')}${beyond}`;
}

/** The command, library or test binary of a path relative to the root. */
function builtAt(tree: WordRoot, path: string | undefined): Command | undefined {
  if (path === undefined) return undefined;
  return path.endsWith('.test')
    ? testCommandAt(tree, path)
    : tree.disk.isDirectory(join(tree.root, path))
      ? commandAt(tree, path)
      : undefined;
}

/** The directory of an import path, which may end with the name of a test binary or with a pattern. */
export function directoryOf(tree: WordRoot, importPath: string): string | undefined {
  const modules = tree.modules.filter(({ path }) => importPath === path || importPath.startsWith(`${path}/`));
  const [module] = [...modules, ...gopathModule(tree, importPath)].sort((a, b) => b.path.length - a.path.length);
  if (module !== undefined) return posix.join(module.dir, importPath.slice(module.path.length));
  const dir = importPath.endsWith('.test') ? posix.dirname(importPath) : importPath;
  return /^[^/]+\.[^/]+\//.test(importPath) && tree.disk.isDirectory(join(tree.root, 'vendor', dir))
    ? `vendor/${importPath}`
    : undefined;
}

const gopathModule = (tree: WordRoot, importPath: string): { path: string; dir: string }[] =>
  tree.moduleMode === 'gopath' && importPath.startsWith(`${tree.goPackage}/`)
    ? [{ path: tree.goPackage, dir: '.' }]
    : [];

/** The tree's own entry for the same command, so that it is built once, with its listed name. */
const asKnown = (tree: WordRoot, found: Command): Command =>
  tree.commands.find(
    ({ importPath, kind, name }) =>
      importPath === found.importPath && kind === found.kind && (kind !== 'test' || name === found.name),
  ) ?? found;

/**
 * Main packages below a pattern's fixed part whose directory or import path matches. As in Go, `x/...` also matches x.
 */
function mainsMatching(tree: WordRoot, pattern: string): Command[] {
  const inTree = tree.disk.isDirectory(join(tree.root, fixedPart(pattern)));
  const path = inTree ? pattern : directoryOf(tree, pattern);
  if (path === undefined) return [];
  const start = fixedPart(path);
  const matches = patternTest(path);
  const foreign = (dir: string): boolean => tree.disk.isFile(join(dir, 'go.mod')) && !isOwnModule(tree, dir);
  const enters = (dir: string): boolean =>
    !foreign(dir) && !isIgnored(tree, relative(tree.root, dir).split(sep).join('/'));
  const packages = findPackages(join(tree.root, start), { disk: tree.disk, enters });
  return packages
    .filter(({ kind }) => kind === 'main')
    .map(({ below }) => posix.join(start, below))
    .filter((dir) => matches(dir))
    .flatMap((dir) => commandAt(tree, dir) ?? [])
    .map((command) => asKnown(tree, command));
}

/** `...` at the root searches only the modules that Go works on there. */
const isOwnModule = (tree: WordRoot, dir: string): boolean => {
  const inner = relative(tree.root, dir).split(sep).join('/');
  return (
    tree.moduleMode === 'workspace' &&
    tree.modules.some((module) => module.dir === inner) &&
    placeOf(tree, inner)?.moduleDir === '.'
  );
};

/** The directories before the first part with dots. */
export function fixedPart(pattern: string): string {
  const elements = pattern.split('/');
  return (
    elements
      .slice(
        0,
        elements.findIndex((element) => element.includes('...')),
      )
      .join('/') || '.'
  );
}

export function patternTest(pattern: string): (path: string) => boolean {
  const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const tail = pattern.endsWith('/...');
  const body = (tail ? pattern.slice(0, -'/...'.length) : pattern).split('...').map(escape).join('.*');
  const test = pattern === '...' ? /^/ : new RegExp(`^${body}${tail ? '(/.*)?' : ''}$`);
  return (path) => test.test(path);
}
