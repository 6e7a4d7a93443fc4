import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Memo } from '@slipway/adapters';
import { ACTION_GRAPH, type Place, type StepId } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import type { NativeInputs, NativeQuery } from '../native/port.ts';
import { digestOfReads } from './reads.ts';

/** A package that Go may take from its cache although a file included by its C or assembly has changed. */
export interface Suspect {
  readonly importPath: string;
  /** The digest of the reads that Go does not know. */
  readonly digest: string;
  readonly paths: readonly string[];
  /** Some reads are unknown, so it is compiled each time. */
  readonly isUnknown: boolean;
  /** A package of the standard library. Its cached result is trusted until other content is known. */
  readonly isLibrary: boolean;
}

/** A package in a Go call, with the commands (absolute paths) of which it is the main package. */
export interface Watched extends Suspect {
  readonly outputs: readonly string[];
}

/** Undefined if Go's own key covers everything: files of Go's distribution and of a fixed module do not change. */
export function suspectOf(
  importPath: string,
  inputs: readonly NativeInputs[],
  { index, isLibrary }: { readonly index: ContentIndex; readonly isLibrary: boolean },
): Suspect | undefined {
  const files = inputs.flatMap((each) => [...each.files].filter(([name]) => !/^(?:go|\.)\//.test(name)));
  const isUnknown = inputs.some(({ problem }) => problem !== undefined);
  if (files.length === 0 && !isUnknown) return undefined;
  const digest = digestOfReads({ files: new Map(files), absent: new Set(), problem: undefined }, index);
  return { importPath, digest, paths: files.map(([, path]) => path), isUnknown, isLibrary };
}

/** One call of Go. Go's cache does not consider all files that a C compiler reads. */
export interface Watch {
  /** Flags after the subcommand that make Go report cached results. */
  readonly flags: readonly string[];
  /** The actions of the last call; empty if Go does not report them. */
  actions(): readonly GoAction[];
  /** Called after Go ended. Undefined: its results match the current sources. Else the flags of another call. */
  settle(): readonly string[] | undefined;
  /** Called after the last call, in any case. */
  end(): void;
}

interface Watching {
  readonly id: StepId;
  /** The container in which Go runs, if any. */
  readonly container: Place['container'];
  readonly suspects: readonly Watched[];
  readonly query: NativeQuery;
  readonly index: ContentIndex;
  /** The content that a package was compiled from, by Go's id of the result. Kept for the user, like Go's cache. */
  readonly compiled: Memo;
}

/**
 * Go recompiles a package if its own files or flags change, but not if a header elsewhere changes. So each call reports
 * what Go took from its cache (`-debug-actiongraph`, Go 1.13 and newer). If a result has other or unknown content,
 * slipway removes it from the cache and calls Go once more. If that is impossible, Go compiles everything (`-a`).
 */
export function watchGo(watching: Watching): Watch {
  const { container, suspects, query } = watching;
  const [, minor = 99] = query.go.goVersion.split('.').map(Number);
  const graph = minor < 13 ? undefined : actionGraph();
  if (container !== undefined) return watchInContainer(watching, container, graph);
  if (graph === undefined) return { ...UNTOLD, flags: suspects.length === 0 ? [] : ['-a'] };
  let tries = 0;
  return {
    ...graph,
    settle() {
      tries += 1;
      if (suspects.length === 0) return undefined;
      const built = graph.actions().filter(({ Mode }) => Mode === 'build');
      const wrong = unproven(built, tries > TRIES, watching);
      if (wrong.length === 0) return undefined;
      const isGone = tries < TRIES && wrong.every(({ action }) => evict(action, query));
      // Go takes a main package as compiled if its command exists.
      for (const path of wrong.flatMap(({ suspect }) => suspect.outputs)) rmSync(path, { force: true });
      return [...graph.flags, ...(isGone ? [] : ['-a'])];
    },
  };
}

/** The file of Go's action graph. The container's place copies it here if Go runs in a container. */
function actionGraph(): Pick<Watch, 'flags' | 'actions' | 'end'> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-go-'));
  const file = join(dir, 'actions.json');
  return {
    flags: [`${ACTION_GRAPH}${file}`],
    actions: () => readActions(file),
    end: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** For a Go version without the report. */
export const UNTOLD: Watch = { flags: [], actions: () => [], settle: () => undefined, end() {} };

/** Calls of Go before everything is compiled again. */
const TRIES = 2;

/** The container's cache belongs to this tree alone, so the last compiled content is known. */
function watchInContainer(
  { id, suspects, compiled, index }: Watching,
  { name, image }: NonNullable<Place['container']>,
  graph: Pick<Watch, 'flags' | 'actions' | 'end'> = UNTOLD,
): Watch {
  const key = `compiled in ${name} by ${id}`;
  const known = suspects.map(({ importPath, digest }) => [importPath, digest]);
  const now = hash('sha256', JSON.stringify([image, known]));
  const isKnown = suspects.every(({ isLibrary }) => isLibrary) || compiled.get(key) === now;
  return {
    ...graph,
    flags: [...graph.flags, ...(isKnown ? [] : ['-a'])],
    settle() {
      if (!isKnown && isUnchanged(suspects, index)) compiled.set(key, now);
      return undefined;
    },
  };
}

/** An action in Go's action graph. */
export interface GoAction {
  readonly ID?: number;
  readonly Deps?: readonly number[];
  readonly Mode?: string;
  readonly Package?: string;
  /** 120 bits of the key in Go's cache, base64url. */
  readonly ActionID?: string;
  readonly BuildID?: string;
  /** Absent if nothing ran. */
  readonly Cmd?: readonly string[] | null;
  readonly TimeStart?: string;
  readonly TimeDone?: string;
}

/** Empty if Go did not write the file completely; then nothing is proven. */
function readActions(file: string): readonly GoAction[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as GoAction[];
  } catch {
    return [];
  }
}

interface Unproven {
  readonly suspect: Watched;
  readonly action: GoAction;
}

/** Actions whose result may have other content. Actions that ran now are recorded. */
function unproven(actions: readonly GoAction[], isLast: boolean, { suspects, compiled, index }: Watching): Unproven[] {
  return suspects.flatMap((suspect) => {
    const own = actions.filter((action) => withoutVariant(action.Package ?? '') === suspect.importPath);
    // The standard library's list contains more than a single command needs.
    if (own.length === 0 && !suspect.isLibrary && !isLast) return [{ suspect, action: {} }];
    const wrong = own.filter((action) => {
      const key = `compiled ${action.BuildID}`;
      const wasRun = (action.Cmd ?? []).length > 0;
      const before = compiled.get(key)?.split('\n') ?? [];
      if (suspect.isUnknown) return !wasRun && !isLast;
      if (!wasRun && before.includes(suspect.digest)) return false;
      if (!wasRun && !(suspect.isLibrary && before.length === 0) && !isLast) return true;
      // The id belongs to the result; other inputs may give the same result.
      const known = [...before, suspect.digest].slice(-MOST_INPUTS);
      if (isUnchanged([suspect], index)) compiled.set(key, known.join('\n'));
      return false;
    });
    return wrong.map((action) => ({ suspect, action }));
  });
}

/** Maximum recorded header states for one result. */
const MOST_INPUTS = 32;

const isUnchanged = (suspects: readonly Suspect[], index: ContentIndex): boolean =>
  index.changed(suspects.flatMap(({ paths }) => paths)).length === 0;

const withoutVariant = (importPath: string): string => importPath.replace(/ .*/, '');

/**
 * Removes an entry from the cache; reports whether it is gone. Its files are named by the whole key
 * (cmd/go/internal/cache).
 */
function evict({ ActionID: id = '' }: GoAction, { env }: NativeQuery): boolean {
  const cache = goCacheOf(env);
  const key = Buffer.from(id, 'base64url').toString('hex');
  if (cache === undefined || env['GOCACHEPROG'] || key.length < 30) return false;
  const dir = join(cache, key.slice(0, 2));
  try {
    for (const name of readdirSync(dir))
      if (name.startsWith(key) && name.endsWith('-a')) rmSync(join(dir, name), { force: true });
    return true;
  } catch {
    return false;
  }
}

/** GOCACHE, or Go's default (os.UserCacheDir). */
function goCacheOf(env: NativeQuery['env']): string | undefined {
  if (env['GOCACHE']) return env['GOCACHE'];
  const home = env['HOME'] ?? homedir();
  if (process.platform === 'win32') return env['LocalAppData'] && join(env['LocalAppData'], 'go-build');
  if (process.platform === 'darwin') return join(home, 'Library/Caches/go-build');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'go-build');
}
