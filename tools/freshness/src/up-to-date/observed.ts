import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join, relative } from 'node:path/posix';
import { ALL_VARIABLES, type Environment, type GoToolchain, type Observed } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import { OBSERVED } from './explain.ts';
import { type KeyParts, keyOf } from './key.ts';
import { isExecutable, pathOf } from './output-file.ts';
import type { CheckOptions } from './port.ts';

/** Maximum number of sets for one static key, newest first. */
const MOST_SETS = 8;

const observedKey = (key: string): string => keyOf({ observed: key });

/**
 * The names that an action with this static key read in its last runs: one set for each run, newest first.
 * `observedParts` finds the one that holds now.
 */
export async function observedSets(
  key: string,
  { states, store }: Pick<CheckOptions, 'states' | 'store'>,
): Promise<readonly (readonly string[])[]> {
  const here = states.observed(key);
  if (here.length > 0) return here;
  const record = await store?.find(observedKey(key), 'to explain');
  return JSON.parse(record?.parts['sets'] ?? '[]') as string[][];
}

export async function noteObserved(
  key: string,
  names: readonly string[],
  options: Pick<CheckOptions, 'states' | 'store'>,
): Promise<void> {
  const before = await observedSets(key, options);
  const same = (other: readonly string[]): boolean => other.join('\0') === names.join('\0');
  const sets = [names, ...before.filter((other) => !same(other))].slice(0, MOST_SETS);
  options.states.setObserved(key, sets);
  await options.store?.add({ key: observedKey(key), parts: { sets: JSON.stringify(sets) } }, []);
}

/** Machine files, or files that differ in each run. A read of them does not affect the next run. */
const machineOnly = ['/proc', '/dev', '/sys'];

/**
 * Variables with paths. Other checkouts and users have other values and the same results. Reads in those places are
 * observed themselves.
 */
const places = /^(HOME|PWD|TMPDIR|TMP|TEMP|GOTMPDIR|GOCACHE|GOMODCACHE|GOPATH|GOCOVERDIR|XDG_CACHE_HOME)$/;

interface Places {
  readonly root: string;
  readonly environment: Environment;
}

interface Around {
  readonly root: string;
  readonly toolchain: GoToolchain;
  /** The environment of the program. */
  readonly environment: Environment;
}

/**
 * The observed paths as sorted names without the tree's place: `file pkg/x`, `names pkg`, `variable LANG`. Parts that
 * the key already contains are left out: Go's own files (the identity of Go) and modules (go.sum).
 */
export function observedNames({ files, listings, variables }: Observed, around: Around): string[] {
  const known = [...machineOnly, around.toolchain.goroot, ...cachesOf(around.environment)];
  const counts = (path: string): boolean => !known.some((dir) => path === dir || path.startsWith(`${dir}/`));
  const named = (kind: string, paths: readonly string[]): string[] =>
    paths.filter(counts).map((path) => `${kind} ${placeless(path, around)}`);
  const names = [
    // Directories above the tree exist as long as the tree. Their content must not count, because it is other people's.
    ...named(
      'file',
      files.filter((path) => !around.root.startsWith(`${path}/`)),
    ),
    ...named('names', listings),
    ...variables.filter((name) => !places.test(name)).map((name) => `variable ${name}`),
  ];
  return [...new Set(names)].sort();
}

/** Relative to the root or to the home directory, so that other checkouts and users find their own. */
function placeless(path: string, { root, environment: { HOME = '' } }: Places): string {
  if (path === root) return '.';
  if (path.startsWith(`${root}/`)) return relative(root, path).replace(/^~/, './~');
  return HOME.length > 1 && path.startsWith(`${HOME}/`) ? `~${path.slice(HOME.length)}` : path;
}

const placed = (name: string, { root, environment: { HOME = '' } }: Places): string =>
  name.startsWith('~/') ? `${HOME}${name.slice(1)}` : pathOf(root, name);

/** The caches of Go (see `go help environment`) and of slipway. A program finds there what it would make again. */
function cachesOf(environment: Environment): string[] {
  const { HOME = '', XDG_CACHE_HOME, XDG_CONFIG_HOME, GOCACHE, GOMODCACHE, GOPATH } = environment;
  const goPath = GOPATH?.split(':')[0] || join(HOME, 'go');
  const caches = XDG_CACHE_HOME || join(HOME, '.cache');
  return [
    join(caches, 'slipway'),
    GOCACHE || join(caches, 'go-build'),
    GOMODCACHE || join(goPath, 'pkg/mod'),
    // The directory where the go command counts its calls.
    join(XDG_CONFIG_HOME || join(HOME, '.config'), 'go/telemetry'),
  ];
}

interface Now extends Places {
  readonly index: ContentIndex;
}

/** The current state of these names, as parts of a key. */
export function observedParts(names: readonly string[], now: Now): { parts: KeyParts; paths: string[] } {
  const parts: Record<string, string> = {};
  const paths: string[] = [];
  for (const name of names) {
    const [kind, what] = splitName(name);
    const path = placed(what, now);
    if (kind !== 'variable') paths.push(path);
    parts[`${OBSERVED}${name}`] =
      kind === 'variable' ? variableNow(what, now) : kind === 'names' ? now.index.names(path) : fileNow(path, now);
  }
  return { parts, paths };
}

export function splitName(name: string): [string, string] {
  const at = name.indexOf(' ');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** A test may check whether it is executable, and whether it is a link. */
function fileNow(path: string, { index }: Now): string {
  const digest = index.digest(path);
  const link = isLink(path) ? ` link ${index.link(path)}` : '';
  return `${digest}${/^[0-9a-f]{64}$/.test(digest) && isExecutable(path) ? ' x' : ''}${link}`;
}

/**
 * A path that cannot be read is not a link: a path below a file, or in a forbidden directory. The digest distinguishes
 * these.
 */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** The places of the tree and of the home directory do not count. */
function variableNow(name: string, now: Places): string {
  const { environment, root } = now;
  if (name === ALL_VARIABLES) {
    const names = Object.keys(environment).filter((each) => !places.test(each));
    return hash(
      'sha256',
      names
        .sort()
        .map((each) => `${each}=${variableNow(each, now)}`)
        .join('\0'),
    );
  }
  const value = environment[name];
  if (value === undefined) return 'not set';
  return `"${called(called(value, root, '//'), environment['HOME'], '~/')}"`;
}

/** `name` in place of a directory. */
function called(value: string, dir: string | undefined, name: string): string {
  if (dir === undefined || dir.length < 2) return value;
  const [first = '', ...others] = value.split(dir);
  return first + others.map((text) => (/^([/:]|$)/.test(text) ? name : dir) + text).join('');
}
