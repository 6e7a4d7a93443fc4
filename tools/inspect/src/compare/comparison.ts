/** One thing two files of the same name do not have in common. An absent side is undefined. */
export type Difference =
  | { readonly kind: 'type'; readonly a: EntryType; readonly b: EntryType }
  | { readonly kind: 'link'; readonly a: string; readonly b: string }
  /** Permission bits, octal: `755`. */
  | { readonly kind: 'mode'; readonly a: string; readonly b: string }
  | { readonly kind: 'platform'; readonly a: string; readonly b: string }
  | { readonly kind: 'go-version'; readonly a: string | undefined; readonly b: string | undefined }
  | { readonly kind: 'main-package'; readonly a: string; readonly b: string }
  /** Versions, with what replaces them. */
  | { readonly kind: 'module'; readonly name: string; readonly a: string | undefined; readonly b: string | undefined }
  | { readonly kind: 'setting'; readonly name: string; readonly a: string | undefined; readonly b: string | undefined }
  /** What Go's build id says about where the difference came in. */
  | { readonly kind: 'build-id'; readonly a: string; readonly b: string; readonly says: string }
  /** Sizes; equal ones mean other contents. */
  | {
      readonly kind: 'section';
      readonly name: string;
      readonly a: number | undefined;
      readonly b: number | undefined;
      readonly first?: FirstDifference;
    }
  | { readonly kind: 'size'; readonly a: number; readonly b: number }
  | { readonly kind: 'bytes'; readonly offset: number }
  /** What compressed two archives whose members are the same to the byte. */
  | { readonly kind: 'compression'; readonly a: string; readonly b: string }
  /** A field of the headers of an archive, with the first member in which it differs. */
  | {
      readonly kind: 'headers';
      readonly field: string;
      readonly count: number;
      readonly path: string;
      readonly a: string;
      readonly b: string;
    }
  /** The same members, the first that stands elsewhere. */
  | { readonly kind: 'order'; readonly a: string; readonly b: string }
  /** The first line that differs, from 1. */
  | { readonly kind: 'text'; readonly line: number; readonly a: string; readonly b: string }
  /** The header of one of them cannot be read to the end. */
  | { readonly kind: 'damage'; readonly side: 'a' | 'b'; readonly fact: string };

/** Where two sections begin to differ, and the text there when it is readable on both sides. */
export interface FirstDifference {
  /** In the section. */
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
      /** Of an archive: members that are not identical. */
      readonly members?: readonly FileComparison[];
    };

/** Why two files differ. */
export interface ContentsComparison {
  readonly differences: readonly Difference[];
  readonly members?: readonly FileComparison[];
}

export interface Comparison {
  /** The two directories (or files), absolute. */
  readonly a: string;
  readonly b: string;
  /** By path. */
  readonly files: readonly FileComparison[];
  readonly identical: number;
  readonly different: number;
  readonly onlyInA: number;
  readonly onlyInB: number;
}

/** Nothing compared is nothing proved: two empty directories are not the same. */
export const isSame = (comparison: Comparison): boolean =>
  comparison.files.length > 0 && comparison.identical === comparison.files.length;
