import type { GraphPackage, LibraryPackage } from './port.ts';

/** A package with all that decides the graph, as one answer of Go has it. */
export interface ListedPackage extends GraphPackage {
  /** Go, C, assembly and the like, those that a constraint leaves out included: their headers can change the answer. */
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

/** One answer of Go. */
export interface Listed {
  readonly packages: readonly ListedPackage[];
  /** Import path of what stands for each root: of a test root the test's main package, if it has tests. */
  readonly roots: ReadonlyMap<string, string>;
  /** Packages of the standard library with C among them. */
  readonly library: readonly LibraryPackage[];
  /** Why there is no answer at all. */
  readonly problem: string | undefined;
}

/** Go's mark on everything above a problem; the problem itself says more. */
export const INCOMPLETE = ': what it imports has a problem';
