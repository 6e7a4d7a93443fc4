import type { Command } from './command.ts';

/** Generators of Kubernetes' trees, in the order in which they run. */
export type GeneratorName =
  | 'prerelease-lifecycle'
  | 'deepcopy'
  | 'defaulter'
  | 'conversion'
  | 'register'
  | 'openapi'
  | 'bindata';

/** A package that asks for a generated file. */
export interface GeneratedPackage {
  /** Relative to the root, without symbolic links: `staging/src/k8s.io/api/core/v1`. */
  readonly dir: string;
  /** Go's import path: `k8s.io/kubernetes/vendor/k8s.io/api/core/v1`. */
  readonly importPath: string;
}

/** A call of go-bindata by the tree's script. */
export interface Embedding {
  /** Relative to the root. */
  readonly output: string;
  /** Arguments, without `-o FILE`. */
  readonly args: readonly string[];
  /** Files below the directories it embeds, relative to the root. */
  readonly inputs: readonly string[];
}

export interface GeneratorFacts {
  readonly name: GeneratorName;
  /** The generator's command, which is built like any other. */
  readonly tool: Command;
  /** Packages that ask for it by a tag. */
  readonly packages: readonly GeneratedPackage[];
  /** Go files of these packages and of their imports in the tree, without generated files; relative to the root. */
  readonly inputs: readonly string[];
  /** Files from earlier runs for packages that no longer ask for them, relative to the root. */
  readonly obsolete: readonly string[];
}

/** Files that a tree generates from its sources before it compiles. */
export interface GenerationFacts {
  /** The command line of the generators: with an output base (until 2023), or with Go's package names. */
  readonly dialect: 'gengo' | 'gengo/v2';
  readonly generators: readonly GeneratorFacts[];
  readonly embeddings: readonly Embedding[];
  /** go.mod, go.sum and similar files that a copy of the tree needs; relative to the root. */
  readonly moduleFiles: readonly string[];
}
