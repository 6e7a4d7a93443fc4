/** A package with its imports, including Go's standard library. */
export interface Importing {
  readonly importPath: string;
  /** Its directory relative to the root, with links resolved; undefined outside of the tree. */
  readonly place: string | undefined;
  readonly imports: readonly string[];
  /** Further imports of its tests. */
  readonly testImports: readonly string[];
  /** Further imports of tests in the separate package `…_test`. */
  readonly externalTestImports: readonly string[];
}

/** An import that a rule does not allow. */
export interface Violation {
  readonly importPath: string;
  readonly imports: string;
  /** The file of the rule, relative to the root. */
  readonly file: string;
  readonly why: string;
}
