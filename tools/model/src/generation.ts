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
  /** Relative to the root, no link on the way: `staging/src/k8s.io/api/core/v1`. */
  readonly dir: string;
  /** As Go knows it: `k8s.io/kubernetes/vendor/k8s.io/api/core/v1`. */
  readonly importPath: string;
}

/** A call of go-bindata, as the tree's script makes it. */
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
  /** The command that is the generator, built as any other. */
  readonly tool: Command;
  /** Those that ask for it by a tag. */
  readonly packages: readonly GeneratedPackage[];
  /** Go files of these packages and of all they import from the tree, without generated ones; relative to the root. */
  readonly inputs: readonly string[];
  /** Files it made earlier for packages that no longer ask, relative to the root. */
  readonly obsolete: readonly string[];
}

/** What a tree has made from its sources before anything of it compiles. */
export interface GenerationFacts {
  /** How the generators are called: with an output base (until 2023), or with packages as Go names them. */
  readonly dialect: 'gengo' | 'gengo/v2';
  readonly generators: readonly GeneratorFacts[];
  readonly embeddings: readonly Embedding[];
  /** go.mod, go.sum and the like, which a copy of the tree needs; relative to the root. */
  readonly moduleFiles: readonly string[];
}
