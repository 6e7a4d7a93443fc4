/** A package of the tree with what it imports, Go's standard library left out. */
export interface Importing {
  readonly importPath: string;
  /** Its directory relative to the root, links seen through. */
  readonly place: string;
  readonly imports: readonly string[];
  /** What its tests import besides. */
  readonly testImports: readonly string[];
}

/** An import that a rule does not allow. */
export interface Violation {
  readonly importPath: string;
  readonly imports: string;
  /** Of the rule, relative to the root. */
  readonly file: string;
  readonly why: string;
}
