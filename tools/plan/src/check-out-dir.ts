import { DEFAULT_OUT_DIR } from '@slipway/catalog';
import { normalize, relative } from 'node:path/posix';
import type { Facts, Failure } from '@slipway/model';
import { IGNORE_TEXT, type OutputNames, absolute } from './names.ts';

/**
 * Refuses three kinds of output directories. It may not be the tree or contain it. It may not contain foreign files
 * where results would go, because `clean` removes them (OUT_DIR=/usr has a `local` and a `bin`). It may not be a
 * directory of the tree's own, because the output's `.gitignore` would hide new files there.
 */
export function checkOutDir({ tree, outDir }: Facts, names: OutputNames): Failure[] {
  const path = normalize(absolute(tree.root, names.root)).replace(/\/$/, '');
  const refused = (expected: string): Failure[] => [
    { code: 'BAD_VALUE', variable: 'OUT_DIR', value: names.root, expected },
  ];
  if (`${tree.root}/`.startsWith(`${path}/`)) return refused('a directory of its own, in the tree or elsewhere');
  if (names.root === DEFAULT_OUT_DIR) return [];
  const entries = outDir?.entries ?? [];
  const within = (name: string): string => relative(names.root, name);
  if (outDir?.ignore === IGNORE_TEXT || entries.includes(within(names.lock))) return [];
  const taken = [names.ignore, names.local, names.hostLink, names.compare].map(within);
  const met = taken.filter((name) => entries.includes(name));
  if (met.length > 0)
    return refused(`a directory without ${met.join(', ')} of somebody else: results go there, and clean removes them`);
  const ours = [...taken, ...[names.releaseTars, names.releaseImages, names.releaseStage].map(within)];
  const sources = entries.filter((entry) => !ours.includes(entry.split('/')[0]!));
  return sources.length > 0 && `${path}/`.startsWith(`${tree.root}/`)
    ? refused(`a directory of its own: ${sources[0]} is there, and what is new beside it would be hidden from git`)
    : [];
}
