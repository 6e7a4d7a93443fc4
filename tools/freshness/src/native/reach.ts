import { dirname, join, resolve } from 'node:path';
import type { ContentIndex } from '../index/port.ts';
import type { Include, Includes } from './includes.ts';

/** Where a compiler looks, in its order; all absolute. */
export interface SearchPath {
  /** For `"name"`, after the directory of the file it stands in. */
  readonly quote: readonly string[];
  /** For both forms. */
  readonly dirs: readonly string[];
}

export interface Reached {
  /** Files that may be read, beside those it began with. */
  readonly files: ReadonlySet<string>;
  /** Where a file would come before one of these, and is not. */
  readonly absent: ReadonlySet<string>;
  readonly problem: string | undefined;
}

export interface Reaching {
  readonly index: Pick<ContentIndex, 'look'>;
  readonly search: SearchPath;
  /** What a file names; a file that cannot be read names nothing. */
  includesOf(path: string): Includes;
  /** Values that flags give macros: `-DCONFIG="config.h"`. */
  readonly macros: readonly (readonly [name: string, value: string])[];
  /** The compiler takes `n.h.gch` for `n.h`: gcc's does. */
  readonly precompiled: boolean;
  /** Included without standing in a file: by flags, and by what cgo writes. */
  readonly implied: readonly Include[];
  /** Where the compiler runs: what is implied is looked for there first. */
  readonly cwd: string;
}

/** All files that a compiler may read that is given these, whatever the conditions say. */
export function reachIncludes(starts: readonly string[], reaching: Reaching): Reached {
  const state: State = {
    seen: new Set(starts),
    files: new Set(),
    absent: new Set(),
    unnamed: new Set(),
    computed: new Map(),
    defines: new Map(),
  };
  for (const [name, value] of reaching.macros) {
    const [, angle, quote] = /^\\?(?:<(.+)>|"(.+?)\\?")$/.exec(value) ?? [];
    if (angle !== undefined) define(state, name, { name: angle, form: 'angle' });
    else if (quote !== undefined) define(state, name, { name: quote, form: 'quote' });
  }
  for (const include of reaching.implied) follow(include, join(reaching.cwd, 'flags'), state, reaching);
  for (const path of state.seen) read(path, state, reaching);
  // A macro may get its value in a file that only another macro leads to.
  for (let before = -1; before !== state.seen.size;) {
    before = state.seen.size;
    for (const [macro, places] of state.computed)
      for (const include of state.defines.get(macro) ?? [])
        for (const place of places) follow(include, place, state, reaching);
    for (const path of [...state.seen].slice(before)) read(path, state, reaching);
  }
  return { files: state.files, absent: state.absent, problem: problemOf(state) };
}

function problemOf({ computed, defines, unnamed }: State): string | undefined {
  for (const [macro, places] of computed)
    if (!defines.has(macro)) return `#include ${macro} in ${[...places][0]}: the file it names is not known`;
  for (const path of unnamed) return `slipway cannot tell which file of ${path} is read`;
  return undefined;
}

interface State {
  /** Grows while it is gone through. */
  readonly seen: Set<string>;
  readonly files: Set<string>;
  readonly absent: Set<string>;
  /** Directories of which slipway cannot tell what is read. */
  readonly unnamed: Set<string>;
  /** Macros that name files, with the files where they are used. */
  readonly computed: Map<string, Set<string>>;
  readonly defines: Map<string, Include[]>;
}

function define({ defines }: State, macro: string, include: Include): void {
  defines.set(macro, [...(defines.get(macro) ?? []), include]);
}

function read(path: string, state: State, reaching: Reaching): void {
  const { named, computed, defines } = reaching.includesOf(path);
  for (const [macro, include] of defines) define(state, macro, include);
  for (const macro of computed) state.computed.set(macro, (state.computed.get(macro) ?? new Set()).add(path));
  for (const include of named) follow(include, path, state, reaching);
}

/** The first that is there is the one; of `#include_next` each one may be. */
function follow({ name, form }: Include, from: string, state: State, reaching: Reaching): void {
  const { index, search } = reaching;
  const here = form === 'angle' ? [] : [dirname(from), ...search.quote];
  for (const dir of new Set([...here, ...search.dirs])) {
    const path = name.startsWith('/') ? resolve(name) : join(dir, name);
    if (reaching.precompiled && form !== 'data' && form !== 'maybe') addPrecompiled(path, state, index);
    if (index.look(path).kind === 'file') {
      state.files.add(path);
      if (form !== 'data') state.seen.add(path);
      if (form !== 'next') return;
    } else state.absent.add(path);
    if (name.startsWith('/')) return;
  }
}

/** gcc takes `n.h.gch` for `n.h`, whether or not that is there; a directory of them is one for each set of flags. */
function addPrecompiled(header: string, state: State, index: Reaching['index']): void {
  const path = `${header}.gch`;
  const { kind } = index.look(path);
  if (kind === 'file') state.files.add(path);
  else if (kind === 'directory') state.unnamed.add(path);
  else state.absent.add(path);
}
