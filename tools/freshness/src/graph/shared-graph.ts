import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hash } from 'node:crypto';
import type { Environment } from '@slipway/model';
import { type KeptGraph, type Written, VERSION, decides, decode, encode } from './kept-graph.ts';
import type { GoListQuery } from './port.ts';

/**
 * Graphs of all checkouts of a tree, by `keyOfShared`. Slipway checks a shared graph like any kept graph: by the
 * contents of the files that Go would read here.
 */
export interface GraphExchange {
  get(key: string): Promise<SharedGraph | undefined>;
  set(key: string, graph: SharedGraph): Promise<void>;
}

export interface SharedGraph {
  readonly text: string;
  /** See `KeptGraph`. */
  readonly scope: string | undefined;
}

/** Placeholders for paths that differ between checkouts and users. No path contains a NUL. */
const HOLES = { root: '\0root', modules: '\0modules', go: '\0go' } as const;
const holes = Object.keys(HOLES) as (keyof typeof HOLES)[];

interface Places {
  /** The root of the tree, absolute, without links. */
  readonly root: string;
  readonly query: GoListQuery;
}

const dirsOf = ({ root, query: { env, toolchain } }: Places): Readonly<Record<keyof typeof HOLES, string>> => ({
  root,
  modules: moduleCache(env),
  go: toolchain.goroot,
});

/** `go help environment`. */
const moduleCache = ({ GOMODCACHE, GOPATH, HOME = '' }: Environment): string =>
  GOMODCACHE || join(GOPATH?.split(':')[0] || join(HOME, 'go'), 'pkg/mod');

/**
 * The same as `keyOfGraph`, independent of the tree's path and the user; undefined if the query contains a path
 * outside. `go` is the digest of the go command, because two builds of one version may differ.
 */
export function keyOfShared({ root, query }: Places, { test, go }: { test: boolean; go: string }): string | undefined {
  const { platform, tags, cgo, flags, cwd, env, toolchain } = query;
  const isPlace = (name: string): boolean => PLACES.test(name) || (name === 'GOPATH' && env['GO111MODULE'] !== 'off');
  const deciding = Object.entries(env)
    .filter(([name]) => decides(name) && !isPlace(name))
    .sort();
  const parts = [VERSION, platform, tags, cgo, flags, cwd, deciding, toolchain.version, go, test];
  const text = placeless(JSON.stringify(parts), { root, query });
  return text === undefined || !within(cwd, root) ? undefined : hash('sha256', `shared graph ${text}`);
}

/** Undefined if it depends on something that another checkout may not have. */
export function writeShared(graph: KeptGraph, places: Places): string | undefined {
  const { root, modules, go } = dirsOf(places);
  if (within(go, root)) return undefined;
  const files = [...graph.files].filter(([path, digest]) => !isAbove(path, root) || digest !== 'absent');
  const dirs = [...graph.dirs.values()].flatMap((one) => [one.dir, ...one.trees]);
  const packages = [...graph.packages.values()];
  const isOwn =
    [...files.map(([path]) => path), ...graph.shadows.keys(), ...dirs].every((path) => within(path, root)) &&
    packages.every(({ dir, fixedBy }) => within(dir, fixedBy === undefined ? root : modules));
  if (!isOwn || files.some(([path, digest]) => isText(digest) && namesPlace(path, root))) return undefined;
  return placeless(JSON.stringify(encode({ ...graph, files: new Map(files), scope: undefined })), places);
}

const isText = (digest: string): boolean => digest !== 'absent' && digest !== 'directory';

/**
 * Reports an absolute path of the tree in a module file or an overlay, which refers to this checkout even in another
 * one.
 */
function namesPlace(path: string, root: string): boolean {
  const text = readFileSync(path, 'utf8');
  return text.includes('\\') || text.includes(`${root}/`) || text.includes(`${root}"`) || text.includes(`${root}\n`);
}

/**
 * Go would use a go.mod or go.work above the tree, and each checkout has different ones. Undefined for an invalid
 * graph.
 */
export function readShared({ text, scope }: SharedGraph, places: Places): KeptGraph | undefined {
  const dirs = dirsOf(places);
  let filled = text;
  for (const name of holes) filled = filled.replaceAll(inJson(HOLES[name]), () => inJson(dirs[name]));
  const graph = graphOf(filled);
  if (graph === undefined) return undefined;
  const above = upwards(dirname(places.root)).flatMap((dir) => [join(dir, 'go.mod'), join(dir, 'go.work')]);
  return { ...graph, scope, files: new Map([...graph.files, ...above.map((path) => [path, 'absent'] as const)]) };
}

function graphOf(text: string): KeptGraph | undefined {
  try {
    return decode(JSON.parse(text) as Written);
  } catch {
    return undefined;
  }
}

const isAbove = (path: string, root: string): boolean =>
  /[/\\]go\.(mod|work)$/.test(path) && dirname(path) !== root && within(root, dirname(path));

const within = (path: string, dir: string): boolean => path === dir || path.startsWith(dir === '/' ? dir : `${dir}/`);

const upwards = (dir: string): string[] => (dirname(dir) === dir ? [dir] : [dir, ...upwards(dirname(dir))]);

/** Escaped as in JSON text. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Variables with paths of a user, and GOPATH if it only contains the module cache. */
const PLACES = /^(HOME|USERPROFILE|XDG_CONFIG_HOME|GOMODCACHE)$/;

/** JSON with placeholders for places; undefined if a place occurs other than as a path of its own. */
function placeless(json: string, places: Places): string | undefined {
  const dirs = dirsOf(places);
  let text = json;
  // A module cache may be in the tree. Then its paths are replaced first.
  for (const name of holes.toSorted((a, b) => dirs[b].length - dirs[a].length)) {
    const dir = inJson(dirs[name]);
    const escaped = dir.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    // A path begins a text, a word, or the value of a flag, and ends there or continues below.
    text = text.replaceAll(new RegExp(`(?<=["\\s:,;=]|-[ILF])${escaped}(?=["\\s:,;/])`, 'g'), () =>
      inJson(HOLES[name]),
    );
    if (text.includes(dir)) return undefined;
  }
  return text;
}
