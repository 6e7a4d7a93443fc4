/** Permitted imports of one package of tools/ (or build or hack). `node:*` is a prefix; everything else is exact. */
export interface ImportRule {
  readonly packages: readonly string[];
  readonly outside: readonly string[];
  /** Words that may stand in its code; see `restrictedWords`. */
  readonly words?: readonly RestrictedWord[];
}

export type RestrictedWord = keyof typeof restrictedWords;

/** Features that few places may use, each with the reason. */
export const restrictedWords = {
  console: { pattern: /\bconsole\s*\./, why: 'code reports events, only reporters print (P15)' },
  exitCode: { pattern: /\bprocess\.(?:exitCode\b|exit\()/, why: 'only the command line ends the process (P14)' },
  environment: { pattern: /\bprocess\.env\b/, why: 'the environment is read once, in facts (P9)' },
  dryRun: {
    pattern: /\b(?:is)?dryRun\b/i,
    why: 'a dry run prints the plan a run consumes; no flag below the command line (P2)',
  },
  evaluated: { pattern: /\beval:\s*true\b/, why: 'a thread runs a module, which compiler and linter read' },
  clock: { pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/, why: 'planning sees no clock (P1)' },
} as const;

/**
 * Import rules between packages (style 4.6). The arrow goes one way: model ← catalog ← plan, model ← adapters ← facts,
 * run, and the command line combines them.
 */
export const importTable: Readonly<Record<string, ImportRule>> = {
  model: { packages: [], outside: [], words: ['clock'] },
  catalog: { packages: ['model'], outside: ['leven'] },
  plan: { packages: ['model', 'catalog'], outside: ['node:path/posix', 'node:crypto'] },
  adapters: {
    packages: ['model'],
    outside: [
      'node:*',
      'execa',
      'yaml',
      'yauzl',
      'tar/header',
      'dockerode',
      '@grpc/grpc-js',
      '@bufbuild/protobuf',
      '@bufbuild/protobuf/codegenv2',
      '@bufbuild/protobuf/wkt',
      '@sigstore/bundle',
      '@sigstore/verify',
    ],
    words: ['clock'],
  },
  // Reads the given tree in place; writing has a port.
  facts: {
    packages: ['model', 'catalog', 'adapters'],
    outside: ['node:fs', 'node:os', 'node:path', 'node:path/posix', 'node:crypto', 'node:url', 'node:module'],
    words: ['environment', 'clock'],
  },
  run: {
    packages: ['model', 'adapters'],
    outside: [
      'node:crypto',
      'node:timers',
      'node:timers/promises',
      'node:path',
      'node:path/posix',
      'node:readline',
      'node:stream',
      'node:stream/consumers',
    ],
    words: ['clock'],
  },
  // Sees every file of a tree by its stats, quickly: no port stands between it and the disk.
  freshness: { packages: ['model', 'adapters'], outside: ['node:*'], words: ['clock'] },
  'nx-plugin': {
    packages: ['model', 'catalog', 'plan', 'scaffold'],
    outside: ['@nx/devkit', 'node:child_process', 'node:fs', 'node:module', 'node:path', 'node:path/posix', 'node:url'],
  },
  scaffold: { packages: ['model'], outside: [] },
  // Inspects the results of others: only adapters touch the disk.
  inspect: {
    packages: ['model', 'catalog', 'plan', 'adapters'],
    outside: ['node:crypto', 'node:path'],
    words: ['clock'],
  },
  cli: {
    packages: ['model', 'catalog', 'plan', 'adapters', 'facts', 'freshness', 'inspect', 'run', 'scaffold'],
    outside: ['node:*', 'log-update', 'slice-ansi'],
    words: ['console', 'exitCode', 'environment', 'dryRun', 'clock'],
  },
  bench: { packages: ['*'], outside: ['node:*'], words: ['console', 'exitCode', 'environment', 'clock'] },
  testing: {
    packages: ['*'],
    outside: ['node:*', 'vitest', 'fast-check', 'ajv', 'yaml'],
    words: ['environment', 'clock'],
  },
  // A few lines each, over the targets of the command line.
  build: { packages: ['catalog'], outside: ['node:path', 'zx'], words: ['console', 'exitCode'] },
  hack: {
    packages: ['model', 'catalog', 'plan', 'adapters', 'testing'],
    outside: ['node:*', 'esbuild', 'oxfmt', 'vitest', 'vitest/config', 'vitest/node', 'zx'],
    words: ['console', 'exitCode', 'environment', 'dryRun', 'clock'],
  },
};

/**
 * A test puts a real or pretended world around its subject, so it may also use these packages. It may not import up the
 * arrow: a test of plan that needs adapters tests something else.
 */
export const testRule: ImportRule = {
  packages: ['testing'],
  outside: ['vitest', 'node:*'],
  words: ['environment', 'clock'],
};
export const isTestFile = (path: string): boolean => /(?:\.test|\/contract)\.ts$|\/(?:e2e|fixtures)\//.test(path);

/**
 * Packages of which others may use only the ports, as types: the command line puts in the real implementations (P8).
 * The values named here are pure functions that touch nothing.
 */
export const portsOnly: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // The adapters own the grammar of go.mod, go.work and Go's env files, and know licences by their words; the files are read by facts.
  facts: { adapters: ['parseGoMod', 'parseGoWork', 'goEnvFile', 'parseGoEnv', 'licenseOf', 'readYaml'] },
  run: { adapters: [] },
};

/** Folders of one package that share the code below both, and do not import each other. */
export const apart: readonly (readonly [string, string])[] = [
  ['tools/freshness/src/index/', 'tools/freshness/src/store/'],
];

/** Libraries that several places may import, with why. All others have one importer, so that they can be replaced (P7). */
export const sharedLibraries: Readonly<Record<string, string>> = {
  vitest: 'every package has tests',
  zx: 'a script runs programs with it',
  yaml: 'trees keep rules and releases in YAML, and so are workflows, which tests run',
};

/**
 * Modules that start programs, and the folders of shipped packages that may import them. All programs are started
 * through these, so that every program ends with us.
 */
export const startsPrograms: { readonly modules: readonly string[]; readonly folders: readonly string[] } = {
  modules: ['node:child_process', 'execa'],
  folders: [
    'tools/adapters/src/process/',
    // Nx loads the plugin, which may import no adapter, and waits for slipway's output.
    'tools/nx-plugin/src/',
    // Not shipped.
    'tools/bench/',
    'tools/testing/',
    'hack/',
  ],
};
