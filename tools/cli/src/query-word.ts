import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { QueryWord } from '@slipway/freshness';
import { parseLabel } from '@slipway/model';

interface Places {
  readonly root: string;
  readonly cwd: string;
}

/**
 * Turns a path into a label: a file into the label of its package, a path through a link of vendor/ into the label of
 * the target. Other words are import paths.
 */
export function relabel(word: QueryWord, { root, cwd }: Places): QueryWord {
  if (word.label === undefined) {
    if (word.text.startsWith('@')) return word;
    const label = labelAt(resolve(cwd, word.text), root) ?? labelAt(resolve(root, word.text), root);
    return label === undefined ? word : asWord(word, label);
  }
  if (word.label.names === 'test') return word;
  const path = labelAt(join(root, word.label.path), root);
  return path === undefined
    ? word
    : asWord(word, word.label.names === 'below' ? `${path}/...`.replace('///', '//') : path);
}

function asWord(word: QueryWord, text: string): QueryWord {
  const parsed = parseLabel(text);
  return parsed.ok ? { ...word, text, label: parsed.label } : word;
}

/** Undefined for a missing path, or outside of the tree. */
function labelAt(path: string, root: string): string | undefined {
  const below = /[/]?[.]{3}$/.test(path);
  try {
    const named = realpathSync(below ? path.replace(/[/]?[.]{3}$/, '') : path);
    const inner = relative(root, statSync(named).isDirectory() ? named : dirname(named));
    if (inner.startsWith('..') || isAbsolute(inner)) return undefined;
    const label = `//${inner.split(sep).join('/')}`;
    return below ? `${label}/...`.replace('///', '//') : label;
  } catch {
    return undefined;
  }
}
