import type { GraphPackage, LibraryPackage } from './port.ts';

/** A package with everything that affects the graph, from one call of Go. */
export interface ListedPackage extends GraphPackage {
  /**
   * Go, C, assembly and other sources, including those that a constraint excludes, because their headers can change the
   * answer.
   */
  readonly sources: readonly string[];
  readonly embedPatterns: readonly string[];
  /** Go was asked for the tests in its directory. */
  readonly tested: boolean;
  readonly module: ListedModule | undefined;
  readonly problem: string | undefined;
}

export interface ListedModule {
  readonly path: string;
  /** Undefined for a vendored one. */
  readonly dir: string | undefined;
}

/** The result of one call of Go. */
export interface Listed {
  readonly packages: readonly ListedPackage[];
  /** The import path for each root. For a test root with tests: the test's main package. */
  readonly roots: ReadonlyMap<string, string>;
  /** Packages of the standard library that contain C. */
  readonly library: readonly LibraryPackage[];
  /** Why there is no answer. */
  readonly problem: string | undefined;
}

/** Go marks every importer of a package with a problem. The problem itself is reported instead. */
export const INCOMPLETE = ': what it imports has a problem';
