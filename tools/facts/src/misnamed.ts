import { join } from 'node:path';
import type { Failure } from '@slipway/model';
import { configFileName, nearest } from '@slipway/catalog';
import type { Rooted } from './disk.ts';

interface Mistake {
  /** The text before and after the word. */
  readonly before: string;
  readonly after: string;
  /** The valid words. */
  readonly known: readonly string[];
}

/** An unknown word of slipway.config.ts, with its line and the nearest valid word. */
export function misnamed(tree: Rooted, word: string, { before, after, known }: Mistake): Failure {
  const near = nearest(word, known);
  const among = known.length === 0 ? 'there is none' : `there are ${known.slice(0, 8).join(', ')}`;
  const meant = near === undefined ? among : `did you mean ${near}?`;
  return { code: 'BAD_CONFIG', file: fileWithLine(tree, word), fact: `${before} ${word}, ${after}; ${meant}` };
}

/** `slipway.config.ts:12`, the first place of the word as a text or a field. */
export function fileWithLine({ root, disk }: Rooted, word: string): string {
  const lines = (disk.readText(join(root, configFileName)) ?? '').split('\n');
  const at = lines.findIndex(
    (line) =>
      ["'", '"', '`'].some((quote) => line.includes(`${quote}${word}${quote}`)) ||
      (/^\w+$/.test(word) && new RegExp(`\\b${word}\\s*:`).test(line)),
  );
  return word === '' || at < 0 ? configFileName : `${configFileName}:${at + 1}`;
}
