import { join, posix } from 'node:path';
import { type BeforeSettings, FailureError, splitQuoted } from '@slipway/model';
import { type Config, configFileName } from '@slipway/catalog';
import type { Rooted } from './disk.ts';
import { misnamed } from './misnamed.ts';

/** The steps before the build, from the configuration. Throws BAD_CONFIG. */
export const beforeSettings = (tree: Rooted, { before = [] }: Config): BeforeSettings[] =>
  before.map(({ run, inputs, outputs }) => ({
    argv: splitQuoted(run),
    inputs: inputs.map((path) => there(tree, path)),
    outputs: outputs.map((path) => placeBelow('before.outputs', path)),
  }));

function there(tree: Rooted, path: string): string {
  const plain = posix.normalize(path).replace(/\/+$/, '');
  if (tree.disk.kindOf(join(tree.root, plain)) !== undefined) return plain;
  const { files, directories } = tree.disk.listDirectory(join(tree.root, posix.dirname(plain)));
  const known = [...files, ...directories].map((name) => posix.join(posix.dirname(plain), name));
  throw new FailureError(
    misnamed(tree, path, { before: 'before.inputs names', after: 'which is not in this tree', known }),
  );
}

/** A path that slipway may write or remove: in the tree, and outside git's directory. Throws BAD_CONFIG. */
export function placeBelow(field: string, path: string): string {
  const plain = posix.normalize(path).replace(/\/+$/, '');
  const bad = (why: string): FailureError =>
    new FailureError({ code: 'BAD_CONFIG', file: configFileName, fact: `${field} names '${path}', ${why}` });
  if (posix.isAbsolute(path) || path.split('/').includes('..') || plain === '' || plain === '.')
    throw bad('which is not below the tree');
  if (plain.split('/')[0]!.toLowerCase() === '.git') throw bad('where git keeps the history');
  return plain;
}

/** The current input files of each step, without its outputs. */
export const beforeInputs = ({ root, disk }: Rooted, before: readonly BeforeSettings[]): string[][] =>
  before.map(({ inputs, outputs }) => {
    const below = (path: string): string[] => {
      if (outputs.includes(path) || passedOver.includes(posix.basename(path))) return [];
      if (disk.kindOf(join(root, path)) !== 'directory') return [path];
      const { files, directories } = disk.listDirectory(join(root, path));
      return [...files, ...directories].flatMap((name) => below(posix.join(path, name)));
    };
    return [...new Set(inputs.flatMap(below))].sort();
  });

/**
 * Directories beside sources that are not sources: git's own, and downloaded packages whose list is a separate file.
 */
const passedOver = ['.git', 'node_modules'];
