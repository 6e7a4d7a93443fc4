import type { SetName } from '@slipway/model';
import type {
  Config,
  ConfigQuarantine,
  ConfigRelease,
  ConfigRemoteExecution,
  ConfigTarget,
  ConfigTests,
  ConfigVerify,
} from './config.ts';

/** How a field is checked. */
export type ConfigFieldKind =
  | 'text'
  | 'words'
  | 'platforms'
  | 'sets'
  | 'record'
  | 'release'
  | 'verify'
  | 'tests'
  | 'quarantine'
  | 'day'
  | 'remoteExecution'
  | 'number'
  | 'numbers'
  | 'targets'
  | 'flag'
  | 'name';

interface ConfigField {
  readonly kind: ConfigFieldKind;
  /** One line for the file `slipway init` writes. */
  readonly summary: string;
}

/** One row per field of Config; a field without a row does not compile. */
export const configFields = {
  goPackage: { kind: 'text', summary: 'import path of the main module' },
  go: { kind: 'text', summary: 'the Go version to build with' },
  sets: { kind: 'sets', summary: 'what is built and shipped together, and for which platforms' },
  exclude: { kind: 'words', summary: 'commands that are not built by default' },
  targets: { kind: 'targets', summary: 'names and settings of single commands' },
  static: { kind: 'words', summary: 'names of binaries built without cgo' },
  cgo: { kind: 'platforms', summary: 'platforms on which all other binaries are built with cgo' },
  versionPackages: { kind: 'words', summary: 'packages whose gitVersion, gitCommit … variables are stamped' },
  stamps: { kind: 'record', summary: 'other variables the linker sets, and what to' },
  aliases: { kind: 'record', summary: 'other words for a target' },
  coverage: { kind: 'words', summary: 'commands that KUBE_BUILD_WITH_COVERAGE instruments' },
  generators: { kind: 'text', summary: 'the module whose tools generate code' },
  clean: { kind: 'words', summary: 'what clean removes below the tree besides the output' },
  integrationTests: { kind: 'words', summary: 'directories of the tests of test-integration' },
  integrationSets: { kind: 'words', summary: 'sets those tests run, built before' },
  release: { kind: 'release', summary: 'what is released, and under which names' },
  remoteCache: { kind: 'text', summary: 'a cache shared with other machines: grpc://host:port' },
  trustedWriters: { kind: 'words', summary: 'public keys of those who may write there what a release reads' },
  remoteExecution: { kind: 'remoteExecution', summary: 'a cluster that builds: where it is and what its workers have' },
  verify: {
    kind: 'verify',
    summary: 'how long checks may take, and which of them are kept though they use the network',
  },
  tests: { kind: 'tests', summary: 'tests whose failures do not count for a while' },
  tags: { kind: 'words', summary: 'build tags of every command' },
} as const satisfies Readonly<Record<keyof Required<Config>, ConfigField>>;

/** The same for the fields of ConfigRelease. */
export const releaseFields = {
  name: { kind: 'text' },
  registry: { kind: 'text' },
  images: { kind: 'words' },
  base: { kind: 'text' },
  licenses: { kind: 'words' },
  manifests: { kind: 'words' },
  portable: { kind: 'words' },
  files: { kind: 'words' },
} as const satisfies Readonly<Record<keyof Required<ConfigRelease>, Pick<ConfigField, 'kind'>>>;

/** The same for the fields of ConfigVerify. */
export const verifyFields = {
  budget: { kind: 'numbers' },
  checks: { kind: 'words' },
  keptOnline: { kind: 'record' },
} as const satisfies Readonly<Record<keyof Required<ConfigVerify>, Pick<ConfigField, 'kind'>>>;

/** The same for the fields of ConfigTests. */
export const testsFields = {
  quarantine: { kind: 'quarantine' },
} as const satisfies Readonly<Record<keyof Required<ConfigTests>, Pick<ConfigField, 'kind'>>>;

/** The same for the fields of ConfigQuarantine; all of them are needed. */
export const quarantineFields = {
  package: { kind: 'text' },
  test: { kind: 'name' },
  reason: { kind: 'text' },
  until: { kind: 'day' },
} as const satisfies Readonly<Record<keyof Required<ConfigQuarantine>, Pick<ConfigField, 'kind'>>>;

/** The same for the fields of ConfigRemoteExecution. */
export const remoteExecutionFields = {
  endpoint: { kind: 'text' },
  instance: { kind: 'text' },
  cache: { kind: 'text' },
  properties: { kind: 'record' },
  jobs: { kind: 'number' },
  go: { kind: 'text' },
  goCache: { kind: 'text' },
} as const satisfies Readonly<Record<keyof Required<ConfigRemoteExecution>, Pick<ConfigField, 'kind'>>>;

/** The same for the fields of ConfigTarget. */
export const targetFields = {
  path: { kind: 'text' },
  name: { kind: 'name' },
  platforms: { kind: 'platforms' },
  tags: { kind: 'words' },
  static: { kind: 'flag' },
  ldflags: { kind: 'text' },
  env: { kind: 'record' },
} as const satisfies Readonly<Record<keyof Required<ConfigTarget>, Pick<ConfigField, 'kind'>>>;

export type ConfigFieldName = keyof typeof configFields;

export const setNames = ['server', 'node', 'client', 'test', 'test-server'] as const satisfies readonly SetName[];

/** The file's name, at the root of a tree. */
export const configFileName = 'slipway.config.ts';
/** Beside it: what its types are, where no package of ours is installed. */
export const configTypesFileName = 'slipway.d.ts';
