import { hash } from 'node:crypto';
import type { GoBuild } from '@slipway/model';
import { type FlagFiles, readFlagFiles } from '../graph/flag-files.ts';
import type { Closure, GoListQuery, LibraryPackage, GraphPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { LinkInputs, NativeInputs, NativeQuery, NativeReader } from '../native/port.ts';

/** The inputs of one command that `go list` does not name. */
export interface Reads {
  readonly flagFiles: FlagFiles;
  /** For packages with C or assembly, by import path, including those of the standard library. */
  readonly compiling: ReadonlyMap<string, NativeInputs>;
  readonly linking: LinkInputs | undefined;
  /** All of these files, and places where others would take precedence. Absolute. */
  readonly paths: ReadonlySet<string>;
  /** Why some inputs are unknown: then nothing is fresh, kept or restored. */
  readonly problem: string | undefined;
}

interface Reading {
  readonly asked: NativeQuery;
  readonly closure: Closure;
  readonly native: NativeReader;
  readonly index: ContentIndex;
}

export async function readReads({ asked, closure, native, index }: Reading): Promise<Reads> {
  const { go } = asked;
  const flagFiles = readFlagFiles({ flags: go.flags, env: asked.env, cwd: asked.cwd });
  const compiling = new Map<string, NativeInputs>();
  for (const one of packagesWithC(closure)) {
    const found = await native.compiling(one, asked);
    if (found !== undefined) compiling.set(one.importPath, found);
  }
  const linking = await native.linking(closure, asked);
  const all = [...compiling.values(), ...(linking === undefined ? [] : [linking])];
  const paths = new Set([
    ...flagFiles.files.values(),
    ...all.flatMap(({ files, absent }) => [...files.values(), ...absent]),
  ]);
  for (const path of paths) index.look(path);
  const problem =
    flagFiles.problem ?? all.find((each) => each.problem !== undefined)?.problem ?? externalProblem(go, asked);
  return { flagFiles, compiling, linking, paths, problem };
}

/**
 * The query for the C parts of a closure, from the query for its packages; with the image whose compilers are used, if
 * any.
 */
export const nativeQuery = (
  go: GoBuild,
  { env, cwd, toolchain }: GoListQuery,
  image?: string | undefined,
): NativeQuery => ({ go, image, env, cwd, toolchain });

export const packagesWithC = ({ packages, library }: Closure): (GraphPackage | LibraryPackage)[] => [
  ...packages.filter(({ native }) => native !== undefined),
  ...library,
];

/** sha256, hex, of files by name and content, sorted by name. */
export function digestOfReads({ files }: NativeInputs, index: ContentIndex): string {
  const lines = [...files].map(([name, path]) => `${name} ${index.digest(path)}`);
  return hash('sha256', lines.sort().join('\n'));
}

/** Without cgo slipway knows nothing about the C compiler that would link. */
const externalProblem = ({ compiler, flags }: GoBuild, { env }: NativeQuery): string | undefined =>
  compiler === undefined && /linkmode[= ]external/.test([...flags, env['GOFLAGS'] ?? ''].join(' '))
    ? 'slipway cannot tell which files an external linker reads where cgo is off'
    : undefined;
