import { hash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import type { Action, GoBuild } from '@slipway/model';
import type { Closure, GraphPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import { isExecutable, pathOf } from './output-file.ts';
import { type Reads, digestOfReads, packagesWithC } from './reads.ts';

/** The parts of a key by name: short values, or digests. */
export type KeyParts = Readonly<Record<string, string>>;

/** Increment it when the meaning of a key changes. */
const KEY_FORMAT = '4';

/** Each field of an action is part of its key, or has a reason why not. A missing field is a compile error. */
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

/** The same for the way to call Go. */
export const accountedBuild = {
  platform: { ignored: 'a setting' },
  cgo: { ignored: 'a setting' },
  compiler: 'hashed',
  cxxCompiler: { ignored: 'hashed where the command has C++' },
  flags: { ignored: 'a setting' },
  goVersion: { ignored: 'a setting' },
} as const satisfies Record<keyof GoBuild, 'hashed' | { ignored: string }>;

/** The tools of an image whose compiler is used. */
export interface ImageTools {
  /** sha256, hex, of the C compiler. */
  readonly compiler: string;
  /** Identifies everything in the image, including headers and libraries. */
  readonly contents: string;
}

interface FileKeyInputs {
  readonly index: ContentIndex;
  readonly root: string;
}

/** The parts of an action without its closures. Inputs are combined by directory, because there may be thousands. */
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
  /** Files besides those that `go list` names. */
  readonly reads: Reads;
  /** Set if the C compiler is an image's. */
  readonly image?: ImageTools | undefined;
}

/** Everything that may change Go's output for a closure, besides settings. */
export function closureParts({ build, closure, index, reads, image }: ClosureInputs): KeyParts {
  const parts: Record<string, string> = {
    'C compiler': build.compiler === undefined ? 'none' : (image?.compiler ?? index.digest(build.compiler)),
  };
  // Most commands with cgo have no C++, and most machines no C++ compiler. Their keys are the same.
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

/** Programs and libraries are one part of a key, because there are dozens, and they change together. */
export const LINKED = 'file C toolchain and libraries';

const hasCxx = ({ files }: GraphPackage): boolean => files.some((file) => /\.(cc|cpp|cxx)$/.test(file));

/** sha256, hex, of the parts by name. */
export function keyOf(parts: KeyParts): string {
  let text = '';
  for (const name of Object.keys(parts).sort()) text += `${name.length}:${name}${parts[name]!.length}:${parts[name]!}`;
  return hash('sha256', text);
}

/** Cached by package as long as the index. `forgetDigests` clears it. */
const packageDigests = new WeakMap<ContentIndex, WeakMap<GraphPackage, string>>();

/** Digest of a package's file contents and language version. */
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

/** Forgets values derived from an index, after its paths were looked at again. */
export const forgetDigests = (index: ContentIndex): void => void packageDigests.delete(index);
