import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Memo } from '@slipway/adapters';
import { ACTION_GRAPH, type Place, type StepId } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import type { NativeInputs, NativeQuery } from '../native/port.ts';
import { digestOfReads } from './reads.ts';

/** A package that Go may take from its cache although what C or assembly of it includes is another today. */
export interface Suspect {
  readonly importPath: string;
  /** Of what is read beyond what Go knows of. */
  readonly digest: string;
  readonly paths: readonly string[];
  /** Not everything that is read can be named: it is compiled each time. */
  readonly isUnknown: boolean;
  /** Of the standard library: what the cache has is trusted until it is known to be of something else. */
  readonly isLibrary: boolean;
}

/** A package that Go is called for, with the commands it is the main package of: absolute. */
export interface Watched extends Suspect {
  readonly outputs: readonly string[];
}

/** Undefined where Go's own key holds everything: files of Go's distribution and of a fixed module do not change. */
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

/** One call of Go, which keeps what it compiled by less than a C compiler reads. */
export interface Watch {
  /** After the subcommand: by which Go tells what it took from its own cache. */
  readonly flags: readonly string[];
  /** What the last call did; none where Go does not tell. */
  actions(): readonly GoAction[];
  /** After Go ended. Undefined: what it made is of what is there now. Else flags for another call. */
  settle(): readonly string[] | undefined;
  /** After the last call, however that ended. */
  end(): void;
}

interface Watching {
  readonly id: StepId;
  /** Where Go runs, if not here. */
  readonly container: Place['container'];
  readonly suspects: readonly Watched[];
  readonly query: NativeQuery;
  readonly index: ContentIndex;
  /** What a package was compiled from, by the id Go gave the result; this user's, as Go's cache is. */
  readonly compiled: Memo;
}

/**
 * Go compiles a package again when its own files or flags change, not when a header elsewhere does. So each call tells what it
 * took from Go's cache (`-debug-actiongraph`, since Go 1.13), and where that was made of something else, or nobody knows of what,
 * it is taken out of the cache and Go is called once more. Where that cannot be, Go compiles everything (`-a`).
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
      // Go takes a main package for compiled where its command is there.
      for (const path of wrong.flatMap(({ suspect }) => suspect.outputs)) rmSync(path, { force: true });
      return [...graph.flags, ...(isGone ? [] : ['-a'])];
    },
  };
}

/** Where Go writes what it did: a file here, which the container's place fetches where Go runs in one. */
function actionGraph(): Pick<Watch, 'flags' | 'actions' | 'end'> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-go-'));
  const file = join(dir, 'actions.json');
  return {
    flags: [`${ACTION_GRAPH}${file}`],
    actions: () => readActions(file),
    end: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Of Go that does not tell what it did. */
export const UNTOLD: Watch = { flags: [], actions: () => [], settle: () => undefined, end() {} };

/** Calls of Go before all is compiled again. */
const TRIES = 2;

/** The container's cache is this tree's alone: what was compiled there last is known. */
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

/** One of the things a call of Go did, as it writes them down. */
export interface GoAction {
  readonly ID?: number;
  readonly Deps?: readonly number[];
  readonly Mode?: string;
  readonly Package?: string;
  /** 120 bits of the key in Go's cache, base64url. */
  readonly ActionID?: string;
  readonly BuildID?: string;
  /** Absent when nothing was run. */
  readonly Cmd?: readonly string[] | null;
  readonly TimeStart?: string;
  readonly TimeDone?: string;
}

/** None where Go did not write them whole: then nothing is proven. */
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

/** Actions whose result may be of something else; what was run now is noted. */
function unproven(actions: readonly GoAction[], isLast: boolean, { suspects, compiled, index }: Watching): Unproven[] {
  return suspects.flatMap((suspect) => {
    const own = actions.filter((action) => withoutVariant(action.Package ?? '') === suspect.importPath);
    // Of the standard library more is listed than every command needs.
    if (own.length === 0 && !suspect.isLibrary && !isLast) return [{ suspect, action: {} }];
    const wrong = own.filter((action) => {
      const key = `compiled ${action.BuildID}`;
      const wasRun = (action.Cmd ?? []).length > 0;
      const before = compiled.get(key)?.split('\n') ?? [];
      if (suspect.isUnknown) return !wasRun && !isLast;
      if (!wasRun && before.includes(suspect.digest)) return false;
      if (!wasRun && !(suspect.isLibrary && before.length === 0) && !isLast) return true;
      // The id is of the result: other inputs may give the same one.
      const known = [...before, suspect.digest].slice(-MOST_INPUTS);
      if (isUnchanged([suspect], index)) compiled.set(key, known.join('\n'));
      return false;
    });
    return wrong.map((action) => ({ suspect, action }));
  });
}

/** States of the headers that are remembered to give one result. */
const MOST_INPUTS = 32;

const isUnchanged = (suspects: readonly Suspect[], index: ContentIndex): boolean =>
  index.changed(suspects.flatMap(({ paths }) => paths)).length === 0;

const withoutVariant = (importPath: string): string => importPath.replace(/ .*/, '');

/** Whether the cache no longer has it. Its files are named after the whole key (cmd/go/internal/cache). */
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

/** GOCACHE, or where Go has it by default (os.UserCacheDir). */
function goCacheOf(env: NativeQuery['env']): string | undefined {
  if (env['GOCACHE']) return env['GOCACHE'];
  const home = env['HOME'] ?? homedir();
  if (process.platform === 'win32') return env['LocalAppData'] && join(env['LocalAppData'], 'go-build');
  if (process.platform === 'darwin') return join(home, 'Library/Caches/go-build');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'go-build');
}
