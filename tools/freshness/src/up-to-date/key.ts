import { hash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import type { Action, GoBuild } from '@slipway/model';
import type { Closure, GraphPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import { isExecutable, pathOf } from './output-file.ts';
import { type Reads, digestOfReads, packagesWithC } from './reads.ts';

/** What a key is made of, by name: values where they are short, digests where they are not. */
export type KeyParts = Readonly<Record<string, string>>;

/** Changes when the meaning of a key does. */
const KEY_FORMAT = '4';

/** Each field of an action is part of its key, or has a reason why not; a field left out does not compile. */
export const accountedAction = {
  id: { ignored: 'says where it is remembered' },
  name: { ignored: 'for people' },
  words: { ignored: 'asks for its inputs, which are hashed' },
  inputs: 'hashed',
  settings: 'hashed',
  outputs: { ignored: 'where they go; their names are hashed' },
  hasResult: 'hashed',
  cache: { ignored: 'says what becomes of the bytes, not what they are' },
} as const satisfies Record<keyof Action, 'hashed' | { ignored: string }>;

/** The same of how Go is called. */
export const accountedBuild = {
  platform: { ignored: 'a setting' },
  cgo: { ignored: 'a setting' },
  compiler: 'hashed',
  cxxCompiler: { ignored: 'hashed where the command has C++' },
  flags: { ignored: 'a setting' },
  goVersion: { ignored: 'a setting' },
} as const satisfies Record<keyof GoBuild, 'hashed' | { ignored: string }>;

/** What is known of an image whose compiler is used. */
export interface ImageTools {
  /** sha256, hex, of the C compiler. */
  readonly compiler: string;
  /** Stands for all that is in it, headers and libraries among that. */
  readonly contents: string;
}

interface FileKeyInputs {
  readonly index: ContentIndex;
  readonly root: string;
}

/** Of an action without what its closures are made of; inputs are summed up by directory, as there may be thousands. */
export function actionParts(
  action: Action,
  { index, root, settings = action.settings }: FileKeyInputs & { readonly settings?: Action['settings'] },
): KeyParts {
  const parts: Record<string, string> = {
    format: KEY_FORMAT,
    outputs: [...action.outputs.map((output) => basename(output)), ...(action.hasResult ? [''] : [])].join('\n'),
    ...settings,
  };
  for (const input of action.inputs) {
    if (input.kind === 'named') parts[`file ${input.name}`] = index.digest(pathOf(root, input.path));
    if (input.kind === 'files') Object.assign(parts, directoryParts(input.paths, { index, root }));
  }
  return parts;
}

function directoryParts(paths: readonly string[], { index, root }: FileKeyInputs): KeyParts {
  const parts: Record<string, string> = {};
  for (const [dir, files] of Map.groupBy([...paths].sort(), (path) => dirname(path))) {
    const lines = files.map((file) => {
      const path = pathOf(root, file);
      return `${basename(file)} ${index.digest(path)} ${isExecutable(path) ? 'x' : '-'}`;
    });
    parts[`files ${dir}`] = hash('sha256', lines.join('\n'));
  }
  return parts;
}

interface ClosureInputs {
  readonly build: GoBuild;
  readonly closure: Closure;
  readonly index: ContentIndex;
  /** What is read besides what `go list` names. */
  readonly reads: Reads;
  /** Set where the C compiler is one of an image. */
  readonly image?: ImageTools | undefined;
}

/** Everything that may change the bytes of what Go makes of a closure, beside settings. */
export function closureParts({ build, closure, index, reads, image }: ClosureInputs): KeyParts {
  const parts: Record<string, string> = {
    'C compiler': build.compiler === undefined ? 'none' : (image?.compiler ?? index.digest(build.compiler)),
  };
  // Most commands with cgo have no C++, and most machines no compiler for it: theirs is one key.
  if (build.cxxCompiler !== undefined && closure.packages.some(hasCxx))
    parts['C++ compiler'] = index.digest(build.cxxCompiler);
  for (const [name, path] of reads.flagFiles.files) parts[`file ${name}`] = index.digest(path);
  if (reads.linking !== undefined) parts[LINKED] = digestOfReads(reads.linking, index);
  else if (image !== undefined && packagesWithC(closure).length > 0) parts[LINKED] = image.contents;
  for (const each of closure.packages) parts[`package ${each.importPath}`] = packageDigest(each, index);
  for (const [importPath, inputs] of reads.compiling) {
    const name = `package ${importPath}`;
    parts[name] = hash('sha256', `${parts[name] ?? ''}\n${digestOfReads(inputs, index)}`);
  }
  return parts;
}

/** Programs and libraries, as one part of a key: there are dozens, and they change together. */
export const LINKED = 'file C toolchain and libraries';

const hasCxx = ({ files }: GraphPackage): boolean => files.some((file) => /\.(cc|cpp|cxx)$/.test(file));

/** sha256, hex, of the parts by name. */
export function keyOf(parts: KeyParts): string {
  let text = '';
  for (const name of Object.keys(parts).sort()) text += `${name.length}:${name}${parts[name]!.length}:${parts[name]!}`;
  return hash('sha256', text);
}

/** By what they follow from; kept as long as that. `forgetDigests` ends it. */
const packageDigests = new WeakMap<ContentIndex, WeakMap<GraphPackage, string>>();

/** Of the contents of a package's files and the language version it is compiled for. */
export function packageDigest(each: GraphPackage, index: ContentIndex): string {
  const known = packageDigests.get(index) ?? new WeakMap<GraphPackage, string>();
  packageDigests.set(index, known);
  const found = known.get(each);
  if (found !== undefined) return found;
  const text = each.fixedBy ?? each.files.map((file) => `${file} ${index.digest(`${each.dir}/${file}`)}`).join('\n');
  const digest = hash('sha256', `${each.goVersion ?? ''}\n${text}`);
  known.set(each, digest);
  return digest;
}

/** Forgets what was derived of an index, after its paths were looked at anew. */
export const forgetDigests = (index: ContentIndex): void => void packageDigests.delete(index);
