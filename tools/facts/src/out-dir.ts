import { isAbsolute, join, relative } from 'node:path';
import { DEFAULT_OUT_DIR } from '@slipway/catalog';
import type { OutDirFacts } from '@slipway/model';
import { namesBelow, readSystemText } from './disk.ts';

/** The content of OUT_DIR, so that slipway does not take foreign files for output. */
export function readOutDir(root: string, named: string | undefined): OutDirFacts | undefined {
  if (!named) return undefined;
  const path = isAbsolute(named) ? named : join(root, named);
  const entries = namesBelow(path);
  return entries === undefined ? undefined : { entries, ignore: readSystemText(join(path, '.gitignore')) };
}

/** Output directories below the root: the current one, and the default one. */
export const outputsInTree = (root: string, named: string | undefined): string[] =>
  [DEFAULT_OUT_DIR, ...(named ? [relative(root, isAbsolute(named) ? named : join(root, named))] : [])].filter(
    (path) => path !== '' && path !== '..' && !path.startsWith('../'),
  );
