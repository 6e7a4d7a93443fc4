import { hash } from 'node:crypto';
import type { Memo } from '@slipway/adapters';
import type { GraphPackage, GoListQuery, LibraryPackage, NativePart } from './port.ts';
import { watchKey, type DirPrint, type WatchedDir } from './watched-dirs.ts';

/** Go's answer without problems, and all conditions under which Go gives the same answer again. */
export interface KeptGraph {
  readonly packages: ReadonlyMap<string, GraphPackage>;
  readonly roots: ReadonlyMap<string, string>;
  readonly library: readonly LibraryPackage[];
  /** By `watchKey`. */
  readonly dirs: ReadonlyMap<string, WatchedDir & DirPrint>;
  /** Digests of files, or of names in directories, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly shadows: ReadonlyMap<string, string>;
  /**
   * The scope of the shared cache that part of it came from, as in records of the store. Undefined: this machine's Go
   * gave all of it.
   */
  readonly scope?: string | undefined;
}

/** Increment it when the format below or the watched paths change. */
export const VERSION = 4;

/**
 * The key of a question. Tests have a separate graph, because commands are needed more often and much less is read for
 * them.
 */
export function keyOfGraph({ platform, tags, cgo, flags, cwd, env, toolchain }: GoListQuery, test: boolean): string {
  const deciding = Object.entries(env)
    .filter(([name]) => decides(name))
    .sort();
  const parts = [VERSION, platform, tags, cgo, flags, cwd, deciding, toolchain.version, toolchain.goroot, test];
  return `graph ${hash('sha256', JSON.stringify(parts), 'hex')}`;
}

/** Variables that Go reads when it lists packages, and those with the paths of its settings and GOPATH. */
export const decides = (name: string): boolean =>
  (name.startsWith('GO') && !INDIFFERENT.has(name)) ||
  /^(?:HOME|USERPROFILE|XDG_CONFIG_HOME|AppData|APPDATA)$/.test(name);

const INDIFFERENT: ReadonlySet<string> = new Set([
  'GOCACHE',
  'GOTMPDIR',
  'GOMAXPROCS',
  'GOGC',
  'GOMEMLIMIT',
  'GOTRACEBACK',
  'GOCACHEPROG',
]);

/** Undefined if there is no valid record. */
export function readKept(memo: Memo, key: string): KeptGraph | undefined {
  const text = memo.get(key);
  const body = text?.slice(SUM);
  return body === undefined || hash('sha256', body, 'hex') !== text?.slice(0, SUM)
    ? undefined
    : decode(JSON.parse(body) as Written);
}

export function writeKept(memo: Memo, key: string, graph: KeptGraph): void {
  const body = JSON.stringify(encode(graph));
  memo.set(key, hash('sha256', body, 'hex') + body);
}

const SUM = 64;

/** Import paths and directories are stored once, imports by number, names (which contain no slash) in one string. */
export interface Written {
  readonly paths: readonly string[];
  readonly dirs: readonly string[];
  readonly packages: readonly (readonly [
    dir: number,
    files: readonly string[],
    imports: readonly number[],
    fixedBy: string | 0,
    go: string | 0,
    native: NativePart | 0,
  ])[];
  readonly roots: readonly (readonly [string, string])[];
  readonly library: readonly LibraryPackage[];
  readonly watched: readonly (readonly [
    dir: number,
    sources: string,
    trees: readonly string[],
    embeds: readonly string[],
    tests: boolean,
    names: string,
    relevant: string,
    contents: string,
  ])[];
  readonly files: readonly (readonly [string, string])[];
  readonly shadows: readonly (readonly [string, string])[];
  readonly scope?: string | undefined;
}

export function encode({ packages, roots, library, dirs, files, shadows, scope }: KeptGraph): Written {
  const places = [
    ...new Set([...[...dirs.values()].map((one) => one.dir), ...[...packages.values()].map((one) => one.dir)]),
  ];
  const paths = [...packages.keys()];
  const numberOf = new Map(paths.map((path, index) => [path, index]));
  const placeOf = new Map(places.map((dir, index) => [dir, index]));
  return {
    paths,
    dirs: places,
    packages: [...packages.values()].map((one) => [
      placeOf.get(one.dir)!,
      one.files,
      one.imports.map((path) => numberOf.get(path)!),
      one.fixedBy ?? 0,
      one.goVersion ?? 0,
      one.native ?? 0,
    ]),
    roots: [...roots],
    library,
    watched: [...dirs.values()].map((one) => [
      placeOf.get(one.dir)!,
      one.sources.join('/'),
      one.trees,
      one.embeds,
      one.tests,
      one.names,
      one.relevant,
      one.contents,
    ]),
    files: [...files],
    shadows: [...shadows],
    scope,
  };
}

export function decode({ paths, dirs, packages, roots, library, watched, files, shadows, scope }: Written): KeptGraph {
  return {
    packages: new Map(
      packages.map(([dir, names, imports, fixedBy, go, native], index) => {
        const importPath = paths[index]!;
        return [
          importPath,
          {
            importPath,
            dir: dirs[dir]!,
            files: names,
            imports: imports.map((one) => paths[one]!),
            fixedBy: fixedBy || undefined,
            goVersion: go || undefined,
            ...(native === 0 ? {} : { native }),
          },
        ];
      }),
    ),
    roots: new Map(roots),
    library,
    dirs: new Map(
      watched.map(([place, sources, trees, embeds, tests, names, relevant, contents]) => {
        const dir = dirs[place]!;
        return [
          watchKey(dir, tests),
          { dir, tests, sources: sources === '' ? [] : sources.split('/'), trees, embeds, names, relevant, contents },
        ];
      }),
    ),
    files: new Map(files),
    shadows: new Map(shadows),
    scope,
  };
}
