import type { Tree } from '@slipway/model';
import type { Disk, Rooted } from '../disk.ts';

/** The parts of a Go file that generators use. */
export interface GoSource {
  readonly text: string;
  readonly imports: readonly string[];
}

/** A tree that reads each Go file once. A missing file has no text. */
export interface SourceTree extends Tree, Rooted {
  goSource(path: string): GoSource;
}

export function sourceTree(tree: Tree, disk: Disk): SourceTree {
  const sources = new Map<string, GoSource>();
  const read = (path: string): GoSource => {
    const text = disk.readText(path) ?? '';
    return { text, imports: importsOf(text) };
  };
  const goSource = (path: string): GoSource => {
    const source = sources.get(path) ?? read(path);
    sources.set(path, source);
    return source;
  };
  return { ...tree, disk, goSource };
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const space = /[\s;]+/y;
const packageClause = /package\s+[\p{L}_][\p{L}\p{N}_]*/uy;
const single = /import\s*([\p{L}_.][\p{L}\p{N}_]*\s*)?(?:"([^"\n]*)"|`([^`]*)`)/uy;
const group = /import\s*\(((?:[^()"`/]|"[^"\n]*"|`[^`]*`|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*)\)/y;

/** Import paths of a Go file. Imports come first, so the rest is not read. */
export function importsOf(text: string): string[] {
  const found: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    if (take(space) ?? take(comment) ?? take(packageClause)) continue;
    const one = take(single);
    if (one !== null) {
      found.push(one[2] ?? one[3]!);
      continue;
    }
    const many = take(group);
    if (many === null) return found;
    const inner = many[1]!.replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '');
    found.push(...[...inner.matchAll(/"([^"\n]*)"|`([^`]*)`/g)].map((match) => match[1] ?? match[2]!));
  }
}
