import { join } from 'node:path';
import { readYaml } from '@slipway/adapters/yaml';
import { type ConfigRelease, type ReleaseTool, releaseFiles } from '@slipway/catalog';
import { splitQuoted } from '@slipway/model';
import type { Rooted } from '../disk.ts';
import type { GoBuild } from '../makefile/builds.ts';

/** The content of a file, as calls of Go and as a configuration. */
export interface Told {
  readonly builds: readonly GoBuild[];
  /** Its archives, without the binaries they hold. */
  readonly release: ConfigRelease;
  /** For each archive the builds it holds; undefined for all. */
  readonly held: readonly (readonly GoBuild[] | undefined)[];
}

/** Something that is not used, and where it stands. */
export interface Unused {
  readonly what: string;
  readonly line: number;
}

/** A file of another tool while a reader reads it. The reader notes here what it cannot use. */
export interface ReleaseFile extends Rooted {
  readonly file: string;
  readonly value: Fields;
  readonly unused: Unused[];
  /** By the path of the field: `builds.0.main`. */
  notUsed(what: string, path: string): void;
  /** The path of the field with this value; the file's own path without such a field. */
  pathOf(value: string): string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Throws an Error if the file is not YAML. */
export function openReleaseFile(tree: Rooted, file: string, tool: ReleaseTool): ReleaseFile {
  const { value, lines } = readYaml(tree.disk.readText(join(tree.root, file)) ?? '');
  const lineOf = (path: string): number =>
    lines.get(path) ?? (path.includes('.') ? lineOf(path.replace(/\.[^.]*$/, '')) : 1);
  const unused = unknownFields(lines, Object.keys(releaseFiles[tool].fields));
  return {
    ...{ root: tree.root, disk: tree.disk, file, value: record(value), unused },
    pathOf: (said) => [...lines.keys()].find((path) => valueAt(value, path.split('.')) === said) ?? '',
    notUsed: (what, path) => unused.push({ what, line: lineOf(path) }),
  };
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => record(Array.isArray(inner) ? { ...inner } : inner)[name], value);

/** The outermost fields that the table lacks. */
function unknownFields(lines: ReadonlyMap<string, number>, known: readonly string[]): Unused[] {
  const unused = new Map<string, number>();
  for (const [path, line] of lines) {
    const field = path.replace(/\.\d+(?=\.|$)/g, '[]');
    const isKnown = known.some((each) => isInside(each, field) || isInside(field, each));
    const isBelow = [...unused.keys()].some((each) => isInside(each, field));
    if (!isKnown && !isBelow && !unused.has(field)) unused.set(field, line);
  }
  return [...unused].map(([what, line]) => ({ what, line }));
}

const isInside = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[]`);

export const record = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** A list; a single value becomes a list of one. */
export const list = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** One text or several, as a list. */
export const texts = (value: unknown): string[] => list(value).map(String);

/** Our words for the words in double braces. */
export type TemplateWords = Readonly<Record<string, string>>;

const unknown = '\u0000';

/** The text with our words for its words in double braces. Undefined if one is unknown; the text is then noted as unused. */
export function filled(file: ReleaseFile, text: string, words: TemplateWords, path: string): string | undefined {
  const made = fill(text, words);
  if (!made.includes(unknown)) return made;
  file.notUsed(`${path.replace(/\.\d+/g, '[]')} ${text.trim()}`, path);
  return undefined;
}

const fill = (text: string, words: TemplateWords): string =>
  text.replaceAll(/\{\{-?\s*(.*?)\s*-?\}\}/g, (_whole, expression: string) => {
    const name = expression.replace(/^\$?\./, '');
    return Object.hasOwn(words, name) ? words[name]! : unknown;
  });

/** The linker flags of the text, quoted as Go reads them. A flag with an unknown word is left out, and noted as unused. */
export function linkerFlags(file: ReleaseFile, text: string, words: TemplateWords, path: string): string {
  const kept: string[] = [];
  const given = splitQuoted(text.replaceAll(/\{\{.*?\}\}/g, (hole) => encodeURIComponent(hole).replaceAll("'", '%27')));
  for (let at = 0; at < given.length; at += 1) {
    const flag = [given[at]!, ...(/^--?X$/.test(given[at]!) && at + 1 < given.length ? [given[(at += 1)]!] : [])];
    const plain = flag.map((word) => word.replaceAll(/%7B%7B.*?%7D%7D/g, (hole) => decodeURIComponent(hole)));
    const made = filled(file, plain.join(' '), words, path);
    if (made !== undefined) kept.push(...plain.map((word) => fill(word, words)));
  }
  return kept.map((word) => (/[\s'"]/.test(word) ? `'${word}'` : word)).join(' ');
}
