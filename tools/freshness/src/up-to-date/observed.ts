import { hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join, relative } from 'node:path/posix';
import { ALL_VARIABLES, type Environment, type GoToolchain, type Observed } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import { OBSERVED } from './explain.ts';
import { type KeyParts, keyOf } from './key.ts';
import { isExecutable, pathOf } from './output-file.ts';
import type { CheckOptions } from './port.ts';

/** Sets of names that are remembered for one static key, the newest first. */
const MOST_SETS = 8;

const observedKey = (key: string): string => keyOf({ observed: key });

/**
 * What an action with this static key read when it ran, as names: the sets of its last runs, the newest first. Which of them holds
 * now, `observedParts` tells.
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

/** Of the machine, or another one in each run: what a test reads there says nothing of the next run. */
const machineOnly = ['/proc', '/dev', '/sys'];

/**
 * Variables that say where something is. Another checkout, another user have other values, and the same results; what is read in
 * those places is observed itself.
 */
const places = /^(HOME|PWD|TMPDIR|TMP|TEMP|GOTMPDIR|GOCACHE|GOMODCACHE|GOPATH|GOCOVERDIR|XDG_CACHE_HOME)$/;

interface Places {
  readonly root: string;
  readonly environment: Environment;
}

interface Around {
  readonly root: string;
  readonly toolchain: GoToolchain;
  /** That the program ran with. */
  readonly environment: Environment;
}

/**
 * What was observed, as names without the place of the tree, sorted: `file pkg/x`, `names pkg`, `variable LANG`. Left out is what the
 * key has otherwise: Go's own files are known by the identity of Go, modules by go.sum.
 */
export function observedNames({ files, listings, variables }: Observed, around: Around): string[] {
  const known = [...machineOnly, around.toolchain.goroot, ...cachesOf(around.environment)];
  const counts = (path: string): boolean => !known.some((dir) => path === dir || path.startsWith(`${dir}/`));
  const named = (kind: string, paths: readonly string[]): string[] =>
    paths.filter(counts).map((path) => `${kind} ${placeless(path, around)}`);
  const names = [
    // What is above the tree is there as long as the tree is; to look what is in it would have other people's files decide.
    ...named(
      'file',
      files.filter((path) => !around.root.startsWith(`${path}/`)),
    ),
    ...named('names', listings),
    ...variables.filter((name) => !places.test(name)).map((name) => `variable ${name}`),
  ];
  return [...new Set(names)].sort();
}

/** Relative to the root or to the home where it is there, so that another checkout, another user find their own. */
function placeless(path: string, { root, environment: { HOME = '' } }: Places): string {
  if (path === root) return '.';
  if (path.startsWith(`${root}/`)) return relative(root, path).replace(/^~/, './~');
  return HOME.length > 1 && path.startsWith(`${HOME}/`) ? `~${path.slice(HOME.length)}` : path;
}

const placed = (name: string, { root, environment: { HOME = '' } }: Places): string =>
  name.startsWith('~/') ? `${HOME}${name.slice(1)}` : pathOf(root, name);

/** Those of Go, see `go help environment`, and ours: a program finds there what it would make again. */
function cachesOf(environment: Environment): string[] {
  const { HOME = '', XDG_CACHE_HOME, XDG_CONFIG_HOME, GOCACHE, GOMODCACHE, GOPATH } = environment;
  const goPath = GOPATH?.split(':')[0] || join(HOME, 'go');
  const caches = XDG_CACHE_HOME || join(HOME, '.cache');
  return [
    join(caches, 'slipway'),
    GOCACHE || join(caches, 'go-build'),
    GOMODCACHE || join(goPath, 'pkg/mod'),
    // Where the go command counts its own calls.
    join(XDG_CONFIG_HOME || join(HOME, '.config'), 'go/telemetry'),
  ];
}

interface Now extends Places {
  readonly index: ContentIndex;
}

/** What these names stand for now, as parts of a key. */
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

/** A test may ask whether it may be executed, and whether it is a link, too. */
function fileNow(path: string, { index }: Now): string {
  const digest = index.digest(path);
  const link = isLink(path) ? ` link ${index.link(path)}` : '';
  return `${digest}${/^[0-9a-f]{64}$/.test(digest) && isExecutable(path) ? ' x' : ''}${link}`;
}

/** What cannot be looked at is none: what lies below a file, or where one may not look. The digest tells those apart. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Where the tree is, and the home, decides nothing. */
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

/** `name` in the place of a directory. */
function called(value: string, dir: string | undefined, name: string): string {
  if (dir === undefined || dir.length < 2) return value;
  const [first = '', ...others] = value.split(dir);
  return first + others.map((text) => (/^([/:]|$)/.test(text) ? name : dir) + text).join('');
}
