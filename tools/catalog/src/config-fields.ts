import type { SetName } from '@slipway/model';
import type {
  Config,
  ConfigArchive,
  ConfigBefore,
  ConfigImage,
  ConfigQuarantine,
  ConfigRelease,
  ConfigRemoteExecution,
  ConfigSet,
  ConfigSets,
  ConfigTarget,
  ConfigTests,
  ConfigVerify,
} from './config.ts';

/** The type of a field. */
export type ConfigFieldKind =
  | 'text'
  | 'words'
  | 'platforms'
  | 'record'
  | 'number'
  | 'numbers'
  | 'flag'
  | 'day'
  | 'name'
  | 'one of'
  | 'object'
  | 'objects';

export interface ConfigField {
  readonly kind: ConfigFieldKind;
  /** One line, for help and for the file that `slipway init` writes. */
  readonly summary: string;
  /** The fields of an object, or of each object in a list. */
  readonly fields?: Readonly<Record<string, ConfigField>>;
  /** Required fields of an object. */
  readonly needed?: readonly string[];
  /** In a list of objects, a plain text stands for an object with this field. */
  readonly short?: string;
  /** The allowed texts. */
  readonly among?: readonly string[];
}

/** One row for each field. A missing row is a compile error. */
type Fields<T> = Readonly<Record<keyof Required<T>, ConfigField>>;

export const setNames = ['server', 'node', 'client', 'test', 'test-server'] as const satisfies readonly SetName[];

const archiveFormats = ['tar.gz', 'tar.zst', 'zip'] as const;

const setFields = {
  targets: { kind: 'words', summary: 'paths of its commands from the root of the tree, import paths, or aliases' },
  platforms: { kind: 'platforms', summary: 'os/arch: the platforms that cross builds' },
} as const satisfies Fields<ConfigSet>;

const setField = (of: string) =>
  ({ kind: 'object', summary: `commands ${of}`, fields: setFields, needed: ['targets'] }) as const;

const setsFields = {
  server: setField('of the control plane'),
  node: setField('of nodes'),
  client: setField('that users run'),
  test: setField('that test'),
  'test-server': setField('that test, beside servers'),
} as const satisfies Fields<ConfigSets>;

const targetFields = {
  path: { kind: 'text', summary: 'the command that these settings are for: its path, an import path, or an alias' },
  name: { kind: 'name', summary: 'the name of its binary' },
  platforms: { kind: 'platforms', summary: 'the platforms it is built for, among those of its set' },
  tags: { kind: 'words', summary: 'build tags besides those of the tree' },
  static: { kind: 'flag', summary: 'true: without cgo; false: with cgo where the platform has it' },
  ldflags: { kind: 'text', summary: 'flags of the linker after those of the tree' },
  env: { kind: 'record', summary: 'variables Go gets' },
} as const satisfies Fields<ConfigTarget>;

const beforeFields = {
  run: { kind: 'text', summary: 'the program and its words; no shell is involved' },
  inputs: { kind: 'words', summary: 'files and directories it reads: it runs again when one of them changed' },
  outputs: { kind: 'words', summary: 'files and directories it makes' },
} as const satisfies Fields<ConfigBefore>;

const imageFields = {
  name: { kind: 'name', summary: 'the last part of its name: REGISTRY/NAME-ARCH:VERSION' },
  binaries: { kind: 'words', summary: 'names of its binaries, in /usr/local/bin' },
  files: { kind: 'record', summary: 'files of the tree by their path in the image' },
  entrypoint: { kind: 'words', summary: 'the program to start, and its first arguments' },
  user: { kind: 'text', summary: 'the user it starts as' },
  labels: { kind: 'record', summary: 'labels besides those every image has' },
  base: { kind: 'text', summary: 'the base image: scratch, oci:DIRECTORY, or a name in a registry' },
} as const satisfies Fields<ConfigImage>;

const archiveFields = {
  name: { kind: 'text', summary: 'without its ending; in braces name, version, number, os, arch, set, command' },
  per: {
    kind: 'one of',
    summary: 'whether there is one archive for each platform, set or command',
    among: ['platform', 'set', 'command'],
  },
  binaries: { kind: 'words', summary: 'names of the binaries they hold' },
  format: { kind: 'one of', summary: 'how they are packed', among: archiveFormats },
  formats: { kind: 'record', summary: 'other formats by operating system', among: archiveFormats },
  directory: { kind: 'text', summary: 'the directory inside, with the placeholders of name' },
  files: { kind: 'words', summary: 'files of the tree beside the binaries' },
} as const satisfies Fields<ConfigArchive>;

const releaseFields = {
  name: { kind: 'text', summary: 'first word of the names of tarballs, and the directory inside' },
  registry: { kind: 'text', summary: 'first part of the names of images' },
  images: {
    kind: 'objects',
    summary: 'images: names of binaries, or objects with more settings',
    fields: imageFields,
    needed: ['name'],
    short: 'name',
  },
  base: { kind: 'text', summary: 'the base image of all images: scratch, oci:DIRECTORY, or a name in a registry' },
  licenses: { kind: 'words', summary: 'files in node and server tarballs and the final tarball' },
  manifests: { kind: 'words', summary: 'files of the manifests tarball' },
  portable: { kind: 'words', summary: 'files beside test binaries, for every platform' },
  files: { kind: 'words', summary: 'files of the final tarball' },
  archives: { kind: 'objects', summary: 'these archives instead of the tarballs', fields: archiveFields },
  checksums: { kind: 'text', summary: 'the name of another file of sha256 sums, of the archives' },
} as const satisfies Fields<ConfigRelease>;

const verifyFields = {
  budget: { kind: 'numbers', summary: 'seconds a check may take' },
  checks: { kind: 'words', summary: "slipway's own checks that run" },
  keptOnline: {
    kind: 'record',
    summary: 'checks whose passes are kept although they use the network, each with the reason',
  },
} as const satisfies Fields<ConfigVerify>;

const quarantineFields = {
  package: { kind: 'text', summary: 'the directory of its package, or an import path' },
  test: { kind: 'name', summary: 'TestName, with its subtests' },
  reason: { kind: 'text', summary: 'the reason, printed with each failure' },
  until: { kind: 'day', summary: 'the last day, in UTC: 2026-12-31' },
} as const satisfies Fields<ConfigQuarantine>;

const testsFields = {
  quarantine: {
    kind: 'objects',
    summary: 'tests whose failures do not count',
    fields: quarantineFields,
    needed: ['package', 'test', 'reason', 'until'],
  },
} as const satisfies Fields<ConfigTests>;

const remoteExecutionFields = {
  endpoint: { kind: 'text', summary: 'grpc://host:port, several with commas where each is a node' },
  instance: { kind: 'text', summary: 'the instance name, if it is not in the address' },
  cache: { kind: 'text', summary: 'where nodes share contents and results' },
  properties: { kind: 'record', summary: 'properties that a worker must have' },
  jobs: { kind: 'number', summary: 'steps it gets at once' },
  go: { kind: 'text', summary: 'the go command of the workers' },
  goCache: { kind: 'text', summary: 'a directory of the workers in which Go keeps what it compiled' },
} as const satisfies Fields<ConfigRemoteExecution>;

/** All fields of slipway.config.ts. Checks, help and docs/reference.md are generated from this table. */
export const configFields = {
  goPackage: { kind: 'text', summary: 'import path of the main module' },
  go: { kind: 'text', summary: 'the Go version to build with' },
  sets: {
    kind: 'object',
    summary: 'commands that are built and shipped together, with their platforms',
    fields: setsFields,
  },
  exclude: { kind: 'words', summary: 'commands that are not built by default' },
  targets: {
    kind: 'objects',
    summary: 'names and settings of single commands',
    fields: targetFields,
    needed: ['path'],
  },
  static: { kind: 'words', summary: 'names of binaries built without cgo' },
  cgo: { kind: 'platforms', summary: 'platforms on which all other binaries are built with cgo' },
  versionPackages: { kind: 'words', summary: 'packages whose gitVersion, gitCommit … variables are stamped' },
  stamps: { kind: 'record', summary: 'other variables that the linker sets, with their values' },
  before: {
    kind: 'objects',
    summary: 'steps before the first compilation',
    fields: beforeFields,
    needed: ['run', 'inputs', 'outputs'],
  },
  aliases: { kind: 'record', summary: 'other words for a target' },
  coverage: { kind: 'words', summary: 'commands that KUBE_BUILD_WITH_COVERAGE instruments' },
  generators: { kind: 'text', summary: 'the module whose tools generate code' },
  clean: { kind: 'words', summary: 'paths of the tree that clean removes besides the output' },
  integrationTests: { kind: 'words', summary: 'directories of the tests of test-integration' },
  integrationSets: { kind: 'words', summary: 'sets those tests run, built before' },
  release: { kind: 'object', summary: 'settings of releases', fields: releaseFields },
  remoteCache: { kind: 'text', summary: 'a cache shared with other machines: grpc://host:port' },
  trustedWriters: { kind: 'words', summary: 'public keys of the writers that a release trusts there' },
  remoteExecution: {
    kind: 'object',
    summary: 'a cluster that builds: its address and the properties of its workers',
    fields: remoteExecutionFields,
  },
  verify: {
    kind: 'object',
    summary: 'how long checks may take, and which of them are kept though they use the network',
    fields: verifyFields,
  },
  tests: { kind: 'object', summary: 'tests whose failures do not count for a while', fields: testsFields },
  tags: { kind: 'words', summary: 'build tags of every command' },
} as const satisfies Fields<Config>;

export type ConfigFieldName = keyof typeof configFields;

/** The file's name, at the root of a tree. */
export const configFileName = 'slipway.config.ts';
/** The file beside it with its types, for trees without the npm package. */
export const configTypesFileName = 'slipway.d.ts';
