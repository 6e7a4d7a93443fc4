import { join, posix } from 'node:path';
import { type Command, type Failure, FailureError, type StampFlag, type StampName } from '@slipway/model';
import { type Config, configFileName, stampNames, stampWords } from '@slipway/catalog';
import { findVersionPackages } from './conventions.ts';
import { misnamed } from './misnamed.ts';
import type { PackageRoot } from './packages.ts';
import { stampsFor } from './stamps.ts';

interface Stamping {
  readonly packages: PackageRoot;
  readonly commands: readonly Command[];
  readonly config: Config | undefined;
  /** The Makefile's stamps. */
  readonly told: readonly StampFlag[];
}

/**
 * The variables to stamp and their values: from the configuration, else from the Makefile, else by convention. A
 * variable that does not exist is an error.
 */
export function configStamps({ packages, commands, config, told }: Stamping): StampFlag[] {
  const found = findVersionPackages(packages);
  const named = config?.versionPackages?.map((importPath) => {
    const variables =
      found.find((each) => each.importPath === importPath)?.variables ?? stampable(packages, importPath);
    return { importPath, variables };
  });
  const written = Object.entries(config?.stamps ?? {}).map(([variable, text]) => {
    const full = fullName(packages, variable);
    checkVariable(packages, commands, full);
    return stampOf(packages, full, text);
  });
  const own = new Set(written.map(({ flag }) => flag.replace(/=.*$/, '')));
  const others = told.length > 0 ? told : stampsFor(named ?? found);
  return [...others.filter(({ flag }) => !own.has(flag.replace(/=.*$/, ''))), ...written];
}

/** Those whose variable is there, as far as the tree has its package: Go passes over the others. Ours are known by their names. */
export const knownStamps = (
  packages: PackageRoot,
  commands: readonly Command[],
  stamps: readonly StampFlag[],
): StampFlag[] =>
  stamps.flatMap((stamp) => {
    const { path, name } = split(stamp.flag.replace(/^-X '?|=.*$/gs, ''));
    const dirs = packageDirectories(packages, commands, path);
    if (path !== 'main' && dirs.length === 0) return isRequired(packages, path) ? [stamp] : [];
    if (!dirs.some((dir) => variablesIn(packages, dir).includes(name))) return [];
    const ours = stampNames.find((each) => each === name && stamp.name === 'asked' && isOwn(packages, path));
    return [{ ...stamp, name: ours ?? stamp.name }];
  });

/**
 * The known variables that a package has. For a package outside the tree, all of them, because slipway has not read it.
 */
function stampable(packages: PackageRoot, importPath: string): (typeof stampNames)[number][] {
  const dir = directoryOf(packages, importPath);
  if (dir === undefined && isRequired(packages, importPath)) return [...stampNames];
  const variables = dir === undefined ? undefined : variablesIn(packages, dir);
  const known = variables === undefined ? undefined : stampNames.filter((name) => variables.includes(name));
  if (known !== undefined && known.length > 0) return known;
  const after =
    known === undefined
      ? 'which is not a package of this tree'
      : `which has none of the variables ${stampNames.join(', ')}`;
  throw new FailureError(
    misnamed(packages, importPath, {
      before: 'versionPackages names',
      after,
      known: packagesBeside(packages, importPath),
    }),
  );
}

/** `pkg/version.Version` refers to the main module. */
function fullName(packages: PackageRoot, variable: string): string {
  const { path, name } = split(variable);
  const isPlace = path !== 'main' && packages.disk.isDirectory(join(packages.root, path));
  const first = path.split('/')[0]!;
  const looksLikePlace = path !== 'main' && !first.includes('.') && !isOwn(packages, path);
  return isPlace || looksLikePlace ? `${packages.goPackage}/${path}.${name}` : variable;
}

const split = (variable: string): { path: string; name: string } => {
  const at = variable.lastIndexOf('.');
  return { path: variable.slice(0, at), name: variable.slice(at + 1) };
};

const isOwn = ({ modules }: PackageRoot, importPath: string): boolean =>
  modules.some(({ path }) => importPath === path || importPath.startsWith(`${path}/`));

function checkVariable(packages: PackageRoot, commands: readonly Command[], variable: string): void {
  const { path } = split(variable);
  const dirs = packageDirectories(packages, commands, path);
  if (dirs.length === 0 && path !== 'main' && isRequired(packages, path)) return;
  const known = dirs.flatMap((dir) => variablesIn(packages, dir)).map((name) => `${path}.${name}`);
  if (!known.includes(variable))
    throw new FailureError(
      misnamed(packages, variable, { before: 'stamps names', after: 'which is not a variable of a package', known }),
    );
}

/** Of `main` those of all commands; none for a package outside of the tree. */
const packageDirectories = (packages: PackageRoot, commands: readonly Command[], path: string): string[] =>
  path === 'main'
    ? commands.filter(({ kind }) => kind === 'main').map(({ target }) => target)
    : [directoryOf(packages, path)].filter((dir) => dir !== undefined);

/** Where a package lies, relative to the root; undefined for one outside of the tree. */
function directoryOf(packages: PackageRoot, importPath: string): string | undefined {
  const [module] = packages.modules
    .filter(({ path }) => importPath === path || importPath.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length);
  const dir =
    module === undefined ? `vendor/${importPath}` : posix.join(module.dir, importPath.slice(module.path.length));
  return packages.disk.isDirectory(join(packages.root, dir)) ? dir : undefined;
}

/** Reports whether a module of the tree requires the package's module. */
function isRequired({ root, disk, modules }: PackageRoot, importPath: string): boolean {
  const texts = modules.map(({ dir }) => disk.readText(join(root, dir, 'go.mod')) ?? '');
  const required = texts.flatMap((text) => [...text.matchAll(/^\s*(?:require\s+)?([^\s()]+)\s+v\d/gm)]);
  return required.some(([, path]) => importPath === path || importPath.startsWith(`${path}/`));
}

/** Names of the package-level variables. */
function variablesIn({ root, disk }: PackageRoot, dir: string): string[] {
  const { files } = disk.listDirectory(join(root, dir));
  const sources = files.filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
  const text = sources.map((name) => disk.readText(join(root, dir, name)) ?? '').join('\n');
  const single = [...text.matchAll(/^var\s+(\w+(?:\s*,\s*\w+)*)/gm)].map(([, names]) => names!);
  const grouped = [...text.matchAll(/^var\s*\(([\s\S]*?)^\)/gm)].flatMap(([, block]) =>
    [...block!.matchAll(/^[ \t]*(\w+(?:\s*,\s*\w+)*)[ \t]*(?:=|string\b)/gm)].map(([, names]) => names!),
  );
  return [...single, ...grouped].flatMap((names) => names.split(/\s*,\s*/));
}

/** Import paths of the directories beside a missing one. */
const packagesBeside = (packages: PackageRoot, importPath: string): string[] => {
  const dir = directoryOf(packages, posix.dirname(importPath));
  if (dir === undefined) return [];
  const names = packages.disk.listDirectory(join(packages.root, dir)).directories;
  return names.map((name) => `${posix.dirname(importPath)}/${name}`).filter((path) => path !== importPath);
};

/** The linker's flag for a text with placeholders. */
function stampOf(packages: PackageRoot, variable: string, text: string): StampFlag {
  if (/['"\n]/.test(text)) throw new FailureError(badText(variable));
  let first: StampName | undefined;
  const value = text.replaceAll(/\{[^{}]*\}/g, (word) => {
    const stamp = Object.hasOwn(stampWords, word) ? stampWords[word as keyof typeof stampWords] : undefined;
    if (stamp === undefined)
      throw new FailureError(
        misnamed(packages, word, {
          before: 'stamps names',
          after: 'which is not a known placeholder',
          known: Object.keys(stampWords),
        }),
      );
    first ??= stamp;
    return `@${stamp}@`;
  });
  return { name: first ?? 'text', flag: `-X '${variable}=${value}'` };
}

const badText = (variable: string): Failure => ({
  code: 'BAD_CONFIG',
  file: configFileName,
  fact: `the text of stamps.${variable} has a quotation mark or a line end, which Go's flags cannot hold`,
});
