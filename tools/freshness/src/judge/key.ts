import { hash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import type { FileWork, GoPart, GoWork, Step } from '@slipway/model';
import type { Closure, GraphPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import { isExecutable, pathOf } from './output-file.ts';
import { type Reads, digestOfReads, packagesWithC } from './reads.ts';

/** What a key is made of, by name: values where they are short, digests where they are not. */
export type KeyParts = Readonly<Record<string, string>>;

/** Changes when the meaning of a key does. */
const KEY_FORMAT = '3';

/** Each field of a Go step's work is part of the key, or has a reason why not; a field left out does not compile. */
export const accountedWork = {
  parts: { ignored: 'each has a key of its own' },
  platform: 'hashed',
  cgo: 'hashed',
  compiler: 'hashed',
  cxxCompiler: { ignored: 'hashed where the command has C++' },
  flags: 'hashed',
  variables: 'hashed',
  goVersion: 'hashed',
  unnamed: { ignored: 'then there is no key' },
  path: 'hashed',
  image: { ignored: 'its Go has the version, its C compiler is hashed' },
  asked: { ignored: 'how this machine finds out the packages' },
} as const satisfies Record<keyof GoWork, 'hashed' | { ignored: string }>;

export const accountedPart = {
  name: 'hashed',
  importPath: 'hashed',
  test: 'hashed',
  output: { ignored: 'where it goes; its name is hashed' },
} as const satisfies Record<keyof GoPart, 'hashed' | { ignored: string }>;

export const accountedFileWork = {
  inputs: 'hashed',
  settings: 'hashed',
  stored: { ignored: 'says what becomes of the bytes, not what they are' },
} as const satisfies Record<keyof FileWork, 'hashed' | { ignored: string }>;

/** What is known of an image whose compiler is used. */
export interface ImageTools {
  /** sha256, hex, of the C compiler. */
  readonly compiler: string;
  /** Stands for all that is in it, headers and libraries among that. */
  readonly contents: string;
}

interface KeyInputs {
  readonly go: GoWork;
  readonly part: GoPart;
  readonly closure: Closure;
  readonly index: ContentIndex;
  /** Files that decide for the whole tree: go.mod, go.sum, go.work, vendor/modules.txt; by a name without place. */
  readonly settings: Readonly<Record<string, string>>;
  /** What is read besides what `go list` names. */
  readonly reads: Reads;
  /** Set where the C compiler is one of an image. */
  readonly image?: ImageTools | undefined;
}

/** Everything that may change the bytes of one command. */
export function keyParts({ go, part, closure, index, settings, reads, image }: KeyInputs): KeyParts {
  const parts: Record<string, string> = {
    format: KEY_FORMAT,
    name: part.name,
    package: part.importPath,
    kind: part.test ? 'test binary' : 'command',
    platform: go.platform,
    go: go.goVersion,
    cgo: go.cgo ? 'on' : 'off',
    'C compiler': go.compiler === undefined ? 'none' : (image?.compiler ?? index.digest(go.compiler)),
    flags: go.flags.join('\n'),
    path: go.path ?? 'any',
  };
  // Most commands with cgo have no C++, and most machines no compiler for it: theirs is one key.
  if (go.cxxCompiler !== undefined && closure.packages.some(hasCxx))
    parts['C++ compiler'] = index.digest(go.cxxCompiler);
  for (const [name, value] of Object.entries(go.variables)) parts[`variable ${name}`] = value;
  for (const [name, path] of Object.entries(settings)) parts[`file ${name}`] = index.digest(path);
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

interface FileKeyInputs {
  readonly index: ContentIndex;
  readonly root: string;
}

/** Everything that may change the bytes of files made out of files; inputs are summed up by directory, as there may be thousands. */
export function fileKeyParts(step: Step, { index, root }: FileKeyInputs): KeyParts {
  const { inputs = [], settings = {} } = step.makes ?? {};
  const parts: Record<string, string> = {
    format: KEY_FORMAT,
    kind: step.kind,
    outputs: step.outputs.map((output) => basename(output)).join('\n'),
  };
  for (const [name, value] of Object.entries(settings)) parts[`setting ${name}`] = value;
  for (const [dir, files] of Map.groupBy([...inputs].sort(), (input) => dirname(input))) {
    const lines = files.map((file) => {
      const path = pathOf(root, file);
      return `${basename(file)} ${index.digest(path)} ${isExecutable(path) ? 'x' : '-'}`;
    });
    parts[`files ${dir}`] = hash('sha256', lines.join('\n'));
  }
  return parts;
}

const hasCxx = ({ files }: GraphPackage): boolean => files.some((file) => /\.(cc|cpp|cxx)$/.test(file));

/** sha256, hex, of the parts by name. */
export function keyOf(parts: KeyParts): string {
  let text = '';
  for (const name of Object.keys(parts).sort()) text += `${name.length}:${name}${parts[name]!.length}:${parts[name]!}`;
  return hash('sha256', text);
}

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
