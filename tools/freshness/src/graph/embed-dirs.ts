import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/**
 * Directories below `dir` where a new or deleted file can change the matches of //go:embed patterns. When in doubt a
 * directory is included: an extra call of go list costs seconds, a missed file gives a wrong binary.
 */
export function embedDirs(dir: string, patterns: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) match(dir, segmentsOf(pattern), { found, all: pattern.startsWith(ALL) });
  found.delete(dir);
  return [...found].sort();
}

const ALL = 'all:';

const segmentsOf = (pattern: string): string[] =>
  (pattern.startsWith(ALL) ? pattern.slice(ALL.length) : pattern).split('/');

/** Patterns for names in the package's own directory that can affect embedding, for `segmentPattern`. */
export const firstSegments = (patterns: readonly string[]): string[] =>
  [...new Set(patterns.map((pattern) => segmentsOf(pattern)[0]!))].sort();

interface Search {
  readonly found: Set<string>;
  /** Names that begin with a dot or an underscore are embedded, too. */
  readonly all: boolean;
}

function match(dir: string, [segment, ...rest]: readonly string[], search: Search): void {
  if (segment === undefined || segment === '.') return walk(dir, search);
  search.found.add(dir);
  const wanted = segmentPattern(segment);
  for (const name of directoriesIn(dir)) if (wanted.test(name)) match(join(dir, name), rest, search);
}

function walk(dir: string, search: Search): void {
  search.found.add(dir);
  for (const name of directoriesIn(dir)) {
    if ((search.all || !/^[._]/.test(name)) && !VERSION_CONTROL.has(name)) walk(join(dir, name), search);
  }
}

/** Go never embeds these directories. */
const VERSION_CONTROL: ReadonlySet<string> = new Set(['.bzr', '.hg', '.git', '.svn']);

/** Go's path.Match, except that a bracket class matches any letter. */
export function segmentPattern(segment: string): RegExp {
  const source = segment.replaceAll(/\\(.)|\[(?:\\.|[^\]])*\]|[^\w]/gsu, (text, escaped?: string) => {
    if (escaped !== undefined || !/[*?[]/.test(text)) return literal(escaped ?? text);
    return text === '*' ? '.*' : '.';
  });
  return new RegExp(`^${source}$`, 'su');
}

const literal = (letter: string): string => `\\u{${letter.codePointAt(0)!.toString(16)}}`;

const directoriesIn = (dir: string): string[] =>
  entriesOf(dir)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

/** Empty if the directory cannot be read. */
export function entriesOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}
