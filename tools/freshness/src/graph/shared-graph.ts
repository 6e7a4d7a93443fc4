import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hash } from 'node:crypto';
import type { Environment } from '@slipway/model';
import { type KeptGraph, type Written, VERSION, decides, decode, encode } from './kept-graph.ts';
import type { GoListQuery } from './port.ts';

/**
 * Where graphs of all checkouts of a tree are kept, by `keyOfShared`. What comes from there is looked at as any kept graph is: by the
 * contents of what Go would read here.
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

/** What stands for places that differ from checkout to checkout, from user to user. No path holds a NUL. */
const HOLES = { root: '\0root', modules: '\0modules', go: '\0go' } as const;
const holes = Object.keys(HOLES) as (keyof typeof HOLES)[];

interface Places {
  /** Of the tree, absolute, without links. */
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
 * As `keyOfGraph`, wherever the tree lies and whoever asks; undefined where the question speaks of a place outside of it. `go` is the
 * digest of the go command: two of one version may be built otherwise.
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

/** Undefined where it rests on something that another checkout has elsewhere, or not at all. */
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

/** A module file or an overlay with an absolute path of the tree: in another checkout it still means this one. */
function namesPlace(path: string, root: string): boolean {
  const text = readFileSync(path, 'utf8');
  return text.includes('\\') || text.includes(`${root}/`) || text.includes(`${root}"`) || text.includes(`${root}\n`);
}

/** A go.mod or go.work above the tree would be Go's: each checkout has others above it. Undefined for what is no graph. */
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

/** As it stands in a text of JSON. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Variables that say where things are, whatever these are; as GOPATH does where it holds no more than the module cache. */
const PLACES = /^(HOME|USERPROFILE|XDG_CONFIG_HOME|GOMODCACHE)$/;

/** Of JSON, with holes for places; undefined where one of them stands in it in another way than as a path of its own. */
function placeless(json: string, places: Places): string | undefined {
  const dirs = dirsOf(places);
  let text = json;
  // A module cache may be in the tree: what is in it is the module cache's.
  for (const name of holes.toSorted((a, b) => dirs[b].length - dirs[a].length)) {
    const dir = inJson(dirs[name]);
    const escaped = dir.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    // A path begins a text, a word of it or the value of a flag, and ends there or goes on below.
    text = text.replaceAll(new RegExp(`(?<=["\\s:,;=]|-[ILF])${escaped}(?=["\\s:,;/])`, 'g'), () =>
      inJson(HOLES[name]),
    );
    if (text.includes(dir)) return undefined;
  }
  return text;
}
