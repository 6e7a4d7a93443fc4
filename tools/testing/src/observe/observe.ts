import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Access, readTrace, straceCommand } from '@slipway/adapters';
import { decodeRunRecord } from '@slipway/freshness/run-record';
import type { Repo } from '../repo-rig.ts';
import { type Ended, goCommand } from '../slipway-process.ts';
import { type Places, noiseOf } from './noise.ts';
import { seedGoCache } from './seed.ts';

/** One build to observe. In its texts `@W@` is the tree, `@B@` the directory it lies in, `@GOROOT@` where Go is. */
export interface ObservedBuild {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Lines of a shell, run in the tree before the build. */
  readonly prepare?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `all` when nothing is said. */
  readonly args?: readonly string[];
  /** Programs it takes beside gcc. */
  readonly needs?: readonly string[];
  /** Inputs that need not be in the key, with the reason. */
  readonly stays?: readonly { readonly path: RegExp; readonly why: string }[];
  /** Its inputs cannot be named: Go is asked each time, and this is why. */
  readonly never?: RegExp;
}

/** The result of observing one build. */
export interface Observation {
  readonly ended: Ended;
  /** Files, directories and programs that the build read or ran, and the key does not contain. */
  readonly unnamed: readonly string[];
  /** Paths that were asked for and are not there, whose coming the key does not see. */
  readonly absent: readonly string[];
}

/** Builds a tree from an empty compile cache (but for Go's library) and says what was read and is in no key. */
export async function observe(
  tree: Repo,
  { env, args = ['all'] }: Pick<ObservedBuild, 'env' | 'args'> = {},
): Promise<Observation> {
  const environment = observedEnvironment(tree, env);
  const trace = join(tree.base, 'trace');
  const ended = await tree.slipway(args.map(filler(tree)), {
    env: environment,
    wrapper: straceCommand(trace),
  });
  const text = readFileSync(trace, 'utf8');
  const go = /execve\("([^"]*\/bin\/go)", \["[^"]*", "(?:build|test|install)"/.exec(text)?.[1] ?? goCommand();
  const places: Places = {
    goroot: dirname(dirname(realpathSync(go))),
    gocache: environment.GOCACHE,
    gomodcache: join(tree.home, 'go/pkg/mod'),
    home: tree.home,
    temporary: environment.TMPDIR,
  };
  return { ended, ...notNamed(readTrace(text, go), namedPaths(tree), places) };
}

/** Makes the tree of a row, as a repository with one commit. */
export function makeObserved(tree: Repo, { files, prepare = '', env }: ObservedBuild): void {
  const filled = filler(tree);
  tree.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, filled(text)])));
  if (prepare !== '')
    execFileSync('sh', ['-ec', filled(prepare)], {
      cwd: tree.dir,
      env: { ...observedEnvironment(tree, env), PATH: tree.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  tree.init('v1.0.0');
}

/** Its own caches and temporary directory, so that nothing is known and nothing of others is listed. */
export function observedEnvironment(tree: Repo, env: ObservedBuild['env'] = {}) {
  const [gocache, temporary] = [join(tree.base, 'go-build'), join(tree.base, 'tmp')];
  if (!existsSync(gocache)) seedGoCache(gocache);
  mkdirSync(temporary, { recursive: true });
  const given = Object.entries(env).map(([name, text]) => [name, filler(tree)(text)]);
  return { ...tree.env, GOCACHE: gocache, TMPDIR: temporary, ...(Object.fromEntries(given) as Record<string, string>) };
}

const filler =
  (tree: Repo) =>
  (text: string): string =>
    text
      .replaceAll('@W@', tree.dir)
      .replaceAll('@B@', tree.base)
      .replaceAll('@GOROOT@', () => dirname(dirname(goCommand())));

function notNamed(seen: readonly Access[], named: ReadonlySet<string>, places: Places): Omit<Observation, 'ended'> {
  const [unnamed, absent] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const access of seen) {
    const { kind, path, real, program } = access;
    if (kind === 'seen' || named.has(path) || named.has(real) || noiseOf(access, places) !== undefined) continue;
    if (kind === 'absent' && isCovered(path, named)) continue;
    const into = kind === 'absent' ? absent : unnamed;
    const what = path === real ? path : `${real} (asked for as ${path})`;
    into.set(what, (into.get(what) ?? new Set()).add(program.slice(program.lastIndexOf('/') + 1)));
  }
  return { unnamed: told(unnamed), absent: told(absent) };
}

/**
 * Its coming is seen in the names of the directory it comes to, or as that of a directory above it; a directory alone decides nothing
 * where the files below it are named.
 */
const isCovered = (path: string, named: ReadonlySet<string>): boolean =>
  named.has(nearestThere(path)) ||
  named.has(topmostAbsent(path)) ||
  [...named].some((one) => one.startsWith(`${path}/`));

/** Itself, or the directory above it that is absent and lies in one that is there. */
function topmostAbsent(path: string): string {
  const above = dirname(path);
  return above === path || statSync(above, { throwIfNoEntry: false }) !== undefined ? path : topmostAbsent(above);
}

/** The directory in whose names a path would appear if it came to be. */
function nearestThere(path: string): string {
  const above = dirname(path);
  return above === path || statSync(above, { throwIfNoEntry: false }) !== undefined ? above : nearestThere(above);
}

const told = (looks: ReadonlyMap<string, ReadonlySet<string>>): string[] =>
  [...looks].map(([what, programs]) => `${what} by ${[...programs].sort().join(', ')}`).sort();

/** Every path that the record of the last run rests on, and where its links lead. */
function namedPaths(tree: Repo): Set<string> {
  const runs = join(tree.home, '.cache/slipway/runs');
  if (!existsSync(runs)) return new Set();
  const paths = readdirSync(runs)
    .filter((file) => /^[0-9a-f]{8}$/.test(file))
    .flatMap((file) => decodeRunRecord(readFileSync(join(runs, file)))?.paths ?? []);
  return new Set(paths.flatMap((path) => [path, ...(existsSync(path) ? [realpathSync(path)] : [])]));
}
