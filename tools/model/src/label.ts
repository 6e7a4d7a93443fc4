/**
 * Bazel's syntax for packages of a tree: `//cmd/kubectl`, `//pkg/...`, `//pkg/...:all`, `//test/e2e:e2e.test`. Each
 * package is a target with the name of its directory. Its test binary is another target, named as `go test -c` names
 * it.
 */
export interface Label {
  /** Relative to the root, without leading and trailing slashes; empty is the root. */
  readonly path: string;
  /** The package, the package and all packages below it, or its test binary. */
  readonly names: 'package' | 'below' | 'test';
}

export type LabelResult =
  | { readonly ok: true; readonly label: Label }
  /** `at` is the position of the error, counted from 0. */
  | { readonly ok: false; readonly at: number; readonly fact: string };

/** Reports whether a word is a label or an excluded label. */
export const isLabel = (word: string): boolean => /^-?\/\//.test(word);

export const isExclusion = (word: string): boolean => word.startsWith('-//');

const ALL_TARGETS = ['all', '*', 'all-targets'];

/** Parses a label without the dash that excludes it. */
export function parseLabel(text: string): LabelResult {
  const bad = (at: number, fact: string): LabelResult => ({ ok: false, at, fact });
  if (!text.startsWith('//')) return bad(0, 'a label begins with //');
  const colon = text.indexOf(':');
  const path = text.slice(2, colon < 0 ? text.length : colon);
  const name = colon < 0 ? undefined : text.slice(colon + 1);
  const empty = `/${path}/`.indexOf('//');
  if (path !== '' && empty >= 0) return bad(Math.min(empty + 2, text.length - 1), 'a part of the path is empty');
  const dots = path.split('/').findIndex((part) => part === '.' || part === '..');
  if (dots >= 0) return bad(2 + path.split('/').slice(0, dots).join('/').length, 'a label has no . or ..');
  const below = path === '...' || path.endsWith('/...');
  const directory = below ? path.slice(0, -'/...'.length) : path;
  if (directory.includes('...')) return bad(2 + directory.indexOf('...'), '... stands at the end of the path');
  const label = (names: Label['names']): LabelResult => ({ ok: true, label: { path: directory, names } });
  if (name === undefined || ALL_TARGETS.includes(name)) return label(below ? 'below' : 'package');
  if (below) return bad(colon + 1, `after ... only ${ALL_TARGETS.map((each) => `:${each}`).join(', ')} can stand`);
  const base = directory.slice(directory.lastIndexOf('/') + 1);
  if (name === base) return label('package');
  if (name === `${base}.test`) return label('test');
  return bad(colon + 1, `//${directory} has the targets :${base} and :${base}.test`);
}
