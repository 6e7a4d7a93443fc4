/** Paths are relative to the root, with `/`. */
export type SyntheticFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly link: string };
