import { join } from 'node:path';
import { splitQuoted } from '@slipway/model';
import type { GraphPackage, LibraryPackage, NativePart } from '../graph/port.ts';
import {
  type Reading,
  archFlags,
  ask,
  askingOf,
  compilersOf,
  existing,
  isCxx,
  nameOf,
  pkgConfigOf,
  settingWords,
  toolFlagsOf,
  usesCompiler,
  wrapperProblem,
} from './asking.ts';
import { readCFlags } from './c-flags.ts';
import { openIncludes } from './known-includes.ts';
import { linking } from './linking.ts';
import type { Include } from './includes.ts';
import type { PkgConfigAnswer } from './pkg-config.ts';
import type { NativeInputs, NativeOptions, NativeQuery, NativeReader } from './port.ts';
import { reachIncludes } from './reach.ts';

export function readNative(options: NativeOptions): NativeReader {
  const reading: Reading = { ...options, known: new Map(), includes: openIncludes(options), answers: new Map() };
  return {
    compiling: (one, query) =>
      once(reading, `${one.dir}\0${one.importPath}`, query, () => compiling(one, query, reading)),
    linking: (closure, query) => once(reading, `link\0${closure.root}`, query, () => linking(closure, query, reading)),
    save: () => reading.includes.save(),
  };
}

/** Steps of one run ask for the same packages. */
function once<T>(
  { known }: Reading,
  name: string,
  { go, image, env, cwd }: NativeQuery,
  find: () => Promise<T>,
): Promise<T> {
  const key = JSON.stringify([name, go.platform, go.compiler, image, go.flags, env, cwd]);
  const found = (known.get(key) as Promise<T> | undefined) ?? find();
  known.set(key, found);
  return found;
}

async function compiling(
  one: GraphPackage | LibraryPackage,
  query: NativeQuery,
  reading: Reading,
): Promise<NativeInputs | undefined> {
  const { native, dir } = one;
  if (native === undefined) return undefined;
  const own = new Set('files' in one ? one.files.map((file) => join(dir, file)) : []);
  const isFixed = 'fixedBy' in one && one.fixedBy !== undefined;
  const found = await (usesCompiler(native)
    ? compilingC(one, native, query, reading)
    : isFixed
      ? undefined
      : assembling(one, native, query, reading));
  if (found === undefined) return undefined;
  const place = isFixed ? dir : undefined;
  const files = [...found.files]
    .filter((path) => !own.has(path))
    .map((path) => [nameOf(path, place, query, reading), path] as const);
  return { ...found, files: new Map(files) };
}

interface Found {
  readonly files: ReadonlySet<string>;
  readonly absent: ReadonlySet<string>;
  readonly problem: string | undefined;
}

/** Includes in the C that cgo writes (cmd/cgo, out.go), and gcc's implicit one. */
const ofCgo = ['stdc-predef.h', 'stddef.h', 'stdint.h', 'stdlib.h', 'string.h', 'errno.h'].map((name): Include => ({
  name,
  form: 'angle',
}));

/** The reads of `gcc`. A compiler of an image is not asked, because its headers belong to the image. */
async function compilingC(
  { dir }: GraphPackage | LibraryPackage,
  native: NativePart,
  query: NativeQuery,
  reading: Reading,
): Promise<Found | undefined> {
  const { go, image } = query;
  if (go.compiler === undefined) return undefined;
  const pkgConfig = await pkgConfigOf(native, dir, query, reading);
  const hasCxx = native.sources.some(isCxx);
  const words = compileFlags(native, pkgConfig, query, hasCxx);
  const flags = readCFlags(words, dir);
  const compilers = compilersOf(query, hasCxx);
  const asking = askingOf(query, reading);
  const answers =
    image === undefined ? await Promise.all(compilers.map((each) => ask(each, words, asking, reading))) : [];
  const starts = [...native.cgo, ...native.sources].map((file) => join(dir, file)).concat(flags.files);
  const reached = reachIncludes(starts, {
    index: reading.index,
    search: {
      quote: flags.quoteDirs,
      dirs: [dir, ...flags.dirs, ...flags.systemDirs, ...answers.flatMap(({ dirs }) => dirs), ...flags.afterDirs],
    },
    includesOf: (path) => reading.includes.of(path, native.cgo.length > 0 && path.endsWith('.go')),
    macros: flags.macros,
    precompiled: true,
    implied: [
      ...flags.included.map((name): Include => ({ name, form: 'quote' })),
      ...(native.cgo.length > 0 ? ofCgo : []),
    ],
    cwd: dir,
  });
  const problems = [
    native.others.length > 0 ? `slipway cannot tell which files are read for ${native.others[0]}` : undefined,
    ...(image === undefined ? compilers.map(wrapperProblem) : []),
    ...[flags.problem, pkgConfig?.problem, reached.problem],
    ...answers.map(({ problem }) => problem),
  ];
  return {
    files: new Set([...reached.files, ...existing([...flags.files, ...(pkgConfig?.files ?? [])], reading)]),
    absent: new Set([...reached.absent, ...(pkgConfig?.files ?? [])]),
    problem: problems.find((problem) => problem !== undefined),
  };
}

/**
 * Go's assembler searches beside the file, in the flags' directories, and in Go's own. Go decides which flags apply to
 * a package.
 */
function assembling(
  { dir }: GraphPackage | LibraryPackage,
  native: NativePart,
  { go, env, toolchain }: NativeQuery,
  reading: Reading,
): Found {
  const starts = native.sources.map((file) => join(dir, file));
  const found = ['', ...toolFlagsOf(go, env, 'asmflags')].map((flags) => {
    const { dirs } = readCFlags(
      splitQuoted(flags).map((word) => word.replace(/^--?I=/, '-I')),
      dir,
    );
    return reachIncludes(starts, {
      index: reading.index,
      search: { quote: [], dirs: [dir, ...dirs, join(toolchain.goroot, 'pkg/include')] },
      includesOf: (path) => reading.includes.of(path, false),
      macros: [],
      precompiled: false,
      implied: [],
      cwd: dir,
    });
  });
  return {
    files: new Set(found.flatMap(({ files }) => [...files])),
    absent: new Set(found.flatMap(({ absent }) => [...absent])),
    problem: found.find(({ problem }) => problem !== undefined)?.problem,
  };
}

function compileFlags(
  native: NativePart,
  pkgConfig: PkgConfigAnswer | undefined,
  query: NativeQuery,
  hasCxx: boolean,
): string[] {
  const of = (name: string): string[] => [...settingWords(query, `CGO_${name}`), ...(native.flags[name] ?? [])];
  return [
    ...archFlags(query.go),
    ...of('CPPFLAGS'),
    ...(pkgConfig?.cflags ?? []),
    ...of('CFLAGS'),
    ...(hasCxx ? of('CXXFLAGS') : []),
  ];
}
