/** A package with what it imports, Go's standard library included. */
export interface Importing {
  readonly importPath: string;
  /** Its directory relative to the root, links seen through; undefined for one outside of the tree. */
  readonly place: string | undefined;
  readonly imports: readonly string[];
  /** What its tests import besides. */
  readonly testImports: readonly string[];
  /** The same of tests in a package of their own, named with `_test`. */
  readonly externalTestImports: readonly string[];
}

/** An import that a rule does not allow. */
export interface Violation {
  readonly importPath: string;
  readonly imports: string;
  /** Of the rule, relative to the root. */
  readonly file: string;
  readonly why: string;
}
