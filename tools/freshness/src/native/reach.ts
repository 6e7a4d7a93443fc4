import { dirname, join, resolve } from 'node:path';
import type { ContentIndex } from '../index/port.ts';
import type { Include, Includes } from './includes.ts';

/** The search path of a compiler, in order; all absolute. */
export interface SearchPath {
  /** For `"name"`, after the directory of the including file. */
  readonly quote: readonly string[];
  /** For both forms. */
  readonly dirs: readonly string[];
}

export interface Reached {
  /** Files that may be read, besides the starting ones. */
  readonly files: ReadonlySet<string>;
  /** Missing paths where a file would be found before one of these. */
  readonly absent: ReadonlySet<string>;
  readonly problem: string | undefined;
}

export interface Reaching {
  readonly index: Pick<ContentIndex, 'look'>;
  readonly search: SearchPath;
  /** The includes of a file; none for an unreadable file. */
  includesOf(path: string): Includes;
  /** Values of macros in flags: `-DCONFIG="config.h"`. */
  readonly macros: readonly (readonly [name: string, value: string])[];
  /** The compiler uses `n.h.gch` for `n.h`, as gcc does. */
  readonly precompiled: boolean;
  /** Includes that are in no file: from flags, and from cgo's own text. */
  readonly implied: readonly Include[];
  /** The compiler's working directory, where implied includes are searched first. */
  readonly cwd: string;
}

/** All files that a compiler may read for these, under any conditions. */
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
  // A macro may get its value in a file that is only reached through another macro.
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
  /** It grows during the iteration. */
  readonly seen: Set<string>;
  readonly files: Set<string>;
  readonly absent: Set<string>;
  /** Directories whose reads cannot be listed. */
  readonly unnamed: Set<string>;
  /** Macros that name files, with the files that use them. */
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

/** The first existing candidate counts; for `#include_next` all may. */
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

/**
 * gcc uses `n.h.gch` for `n.h`, even if that is missing. A directory of that name has one file for each set of flags.
 */
function addPrecompiled(header: string, state: State, index: Reaching['index']): void {
  const path = `${header}.gch`;
  const { kind } = index.look(path);
  if (kind === 'file') state.files.add(path);
  else if (kind === 'directory') state.unnamed.add(path);
  else state.absent.add(path);
}
