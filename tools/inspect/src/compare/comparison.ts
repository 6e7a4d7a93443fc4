/** A difference between two files of the same name. An absent side is undefined. */
export type Difference =
  | { readonly kind: 'type'; readonly a: EntryType; readonly b: EntryType }
  | { readonly kind: 'link'; readonly a: string; readonly b: string }
  /** Permission bits, octal: `755`. */
  | { readonly kind: 'mode'; readonly a: string; readonly b: string }
  | { readonly kind: 'platform'; readonly a: string; readonly b: string }
  | { readonly kind: 'go-version'; readonly a: string | undefined; readonly b: string | undefined }
  | { readonly kind: 'main-package'; readonly a: string; readonly b: string }
  /** Versions, with their replacements. */
  | { readonly kind: 'module'; readonly name: string; readonly a: string | undefined; readonly b: string | undefined }
  | { readonly kind: 'setting'; readonly name: string; readonly a: string | undefined; readonly b: string | undefined }
  /** The stage of the build where the difference began, by Go's build id. */
  | { readonly kind: 'build-id'; readonly a: string; readonly b: string; readonly says: string }
  /** Sizes. Equal sizes mean different content. */
  | {
      readonly kind: 'section';
      readonly name: string;
      readonly a: number | undefined;
      readonly b: number | undefined;
      readonly first?: FirstDifference;
    }
  | { readonly kind: 'size'; readonly a: number; readonly b: number }
  | { readonly kind: 'bytes'; readonly offset: number }
  /** The compressors of two archives with identical members. */
  | { readonly kind: 'compression'; readonly a: string; readonly b: string }
  /** A header field of an archive, with the first member where it differs. */
  | {
      readonly kind: 'headers';
      readonly field: string;
      readonly count: number;
      readonly path: string;
      readonly a: string;
      readonly b: string;
    }
  /** The first member at a different position, if the members are the same. */
  | { readonly kind: 'order'; readonly a: string; readonly b: string }
  /** The first different line, counted from 1. */
  | { readonly kind: 'text'; readonly line: number; readonly a: string; readonly b: string }
  /** The header of one side is incomplete. */
  | { readonly kind: 'damage'; readonly side: 'a' | 'b'; readonly fact: string };

/** The place where two sections begin to differ, and the text there if both sides are readable. */
export interface FirstDifference {
  /** Relative to the section. */
  readonly offset: number;
  readonly text?: { readonly a: string; readonly b: string };
}

export type EntryType = 'file' | 'link' | 'other';

export type FileComparison =
  | { readonly is: 'identical'; readonly path: string; readonly size: number; readonly sha256: string }
  | { readonly is: 'only-in-a' | 'only-in-b'; readonly path: string; readonly size: number }
  | {
      readonly is: 'different';
      readonly path: string;
      readonly differences: readonly Difference[];
      /** For an archive: members that differ. */
      readonly members?: readonly FileComparison[];
    };

/** Why two files differ. */
export interface ContentsComparison {
  readonly differences: readonly Difference[];
  readonly members?: readonly FileComparison[];
}

export interface Comparison {
  /** The two directories or files, absolute. */
  readonly a: string;
  readonly b: string;
  /** By path. */
  readonly files: readonly FileComparison[];
  readonly identical: number;
  readonly different: number;
  readonly onlyInA: number;
  readonly onlyInB: number;
}

/** A comparison of two empty directories proves nothing, so it is not a success. */
export const isSame = (comparison: Comparison): boolean =>
  comparison.files.length > 0 && comparison.identical === comparison.files.length;
