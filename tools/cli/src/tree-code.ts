import { hash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { failureOfFileError, gitPrograms } from '@slipway/adapters';
import { configFileName } from '@slipway/catalog';
import { type TreeCode, isMakeText, moduleDirs, openDisk } from '@slipway/facts';
import { type Environment, FailureError } from '@slipway/model';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** Directories of the scripts that slipway runs to read a tree, and of everything they source. */
const directories = ['build', 'cluster', 'hack', 'make', 'release', 'script', 'scripts'];

interface Setting {
  readonly environment: Environment;
  /** `--no-config`. */
  readonly conventionsOnly: boolean;
}

/** The user's setting: ask before running code of a tree, or (the default) do not ask. */
export function treeCode({ environment, conventionsOnly }: Setting): TreeCode {
  const trusted = new Map<string, Known>();
  return {
    conventionsOnly,
    allow(root, path) {
      if (!asks(environment)) return;
      const known = trusted.get(root) ?? look(root, environment);
      trusted.set(root, known);
      const fact = known.why ?? (known.paths.has(path) ? undefined : 'slipway trust does not cover this file');
      if (fact !== undefined) throw new FailureError({ code: 'UNTRUSTED_TREE', root, path, fact });
    },
    allowGit(root) {
      const [program] = conventionsOnly || asks(environment) ? gitPrograms(root, environment) : [];
      if (program === undefined) return;
      const { name, file } = program;
      if (conventionsOnly) throw new FailureError({ code: 'GIT_PROGRAM', name, file });
      const { why: fact } = look(root, environment);
      if (fact !== undefined)
        throw new FailureError({ code: 'UNTRUSTED_TREE', root, path: `${name} of ${file}`, fact });
    },
  };
}

interface Known {
  readonly paths: ReadonlySet<string>;
  /** Why no code of the tree may run. */
  readonly why: string | undefined;
}

function look(root: string, environment: Environment): Known {
  const paths = filesOf(root);
  const noted = readIfExists(noteOf(root, environment));
  const why =
    noted === undefined
      ? 'this tree is not trusted'
      : noted === digestOf(root, paths, environment)
        ? undefined
        : 'its files changed after they were trusted';
  return { paths: new Set(paths), why };
}

/** Throws NOT_WRITABLE and similar failures. */
export function trustTree(root: string, environment: Environment): { file: string; paths: readonly string[] } {
  const paths = filesOf(root);
  const file = noteOf(root, environment);
  try {
    makeDirectories(dirname(file), 0o700);
    writeFileSync(file, digestOf(root, paths, environment), { mode: 0o600 });
  } catch (error) {
    throw failureOfFileError(error, file);
  }
  return { file, paths };
}

/** By the environment, else by a file of the user. */
function asks(environment: Environment): boolean {
  const said = environment['SLIPWAY_TRUST'] || readIfExists(join(settings(environment), 'trust'))?.trim() || 'always';
  if (said === 'ask' || said === 'always') return said === 'ask';
  throw new FailureError({ code: 'BAD_VALUE', variable: 'SLIPWAY_TRUST', value: said, expected: 'ask or always' });
}

function settings(environment: Environment): string {
  const named = environment['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(named) ? named : join(environment['HOME'] ?? '/', '.config'), 'slipway');
}

const noteOf = (root: string, environment: Environment): string =>
  join(settings(environment), 'trusted', hash('sha256', root));

/** The configuration with its imports in the tree, and all files below the script directories. Absolute, sorted. */
function filesOf(root: string): string[] {
  const files = new Set<string>();
  for (const module of ['.', ...moduleDirs({ root, disk: openDisk() })]) {
    const dir = join(root, module);
    for (const name of directories) addBelow(join(dir, name), files);
    for (const entry of entriesOf(dir)) if (entry.isFile() && isMakeText(entry.name)) files.add(join(dir, entry.name));
  }
  addImports(join(root, configFileName), files);
  return [...files].sort();
}

function addBelow(directory: string, files: Set<string>): void {
  const entries = isLink(directory) ? [] : entriesOf(directory);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) addBelow(path, files);
    else if (entry.isFile() || entry.isSymbolicLink()) files.add(path);
  }
}

/** Slipway cannot check the files of a package, so a configuration that imports one is never trusted. */
function addImports(path: string, files: Set<string>): void {
  const text = files.has(path) ? undefined : readIfExists(path);
  if (text === undefined) return;
  files.add(path);
  for (const [, name] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]*)['"]/g))
    addImports(join(dirname(path), name!), files);
}

/** Names and contents; for a link also its target; and the programs that git would run. */
function digestOf(root: string, paths: readonly string[], environment: Environment): string {
  const files = paths.map((path) => {
    const target = isLink(path) ? readlinkSync(path) : '';
    return JSON.stringify([relative(root, path), target, hash('sha256', readIfExists(path) ?? '')]);
  });
  const programs = gitPrograms(root, environment).map((program) => JSON.stringify(program));
  return hash('sha256', [...files, ...programs].join('\n'));
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

const entriesOf = (directory: string) => {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
};

function readIfExists(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'latin1') : undefined;
  } catch {
    return undefined;
  }
}
