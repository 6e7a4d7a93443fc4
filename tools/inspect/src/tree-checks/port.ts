import type { CommandResult } from '@slipway/adapters';
import type { Environment, Platform } from '@slipway/model';

/** A finding that a check does not fix. */
export interface TreeProblem {
  /** Relative to the root. */
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly what: string;
}

/** Facts of a tree from the plan, for a check. */
export interface TreeCheckFacts {
  /** Directories of modules that are a part of the tree, relative to the root. */
  readonly modules: readonly string[];
  readonly platforms: readonly Platform[];
  readonly host: Platform;
}

/** A tree as its checks see it: what they write there is put into the tree by `update`, and is a failure of `verify`. */
export interface CheckedTree extends TreeCheckFacts {
  readonly root: string;
  /**
   * Files whose names match, relative to the root, sorted. Directories are left out whose names begin with a dot or an underscore, those
   * of others' code, test data, and those that the root's .gitignore names.
   */
  files(name: RegExp): readonly string[];
  /** Undefined when there is none. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** In a directory relative to the root. */
  run(argv: readonly string[], options?: { readonly in?: string; readonly env?: Environment }): Promise<CommandResult>;
  /** This program. */
  slipway(...words: readonly string[]): Promise<CommandResult>;
}

/** Puts right what it can by writing into the tree. */
export type CheckOfTree = (tree: CheckedTree) => Promise<readonly TreeProblem[]>;
