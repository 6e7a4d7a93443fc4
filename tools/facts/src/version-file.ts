import { resolve } from 'node:path';
import { type Environment, FailureError } from '@slipway/model';
import type { Rooted } from './disk.ts';

/** The variables in the file that KUBE_GIT_VERSION_FILE names, relative to the tree. Throws BAD_VERSION_FILE. */
export function readVersionFile(tree: Rooted, file: string | undefined): Environment | undefined {
  if (file === undefined || file === '') return undefined;
  const text = tree.disk.readText(resolve(tree.root, file));
  if (text === undefined) throw new FailureError({ code: 'BAD_VERSION_FILE', file, fact: 'the file does not exist' });
  return parseVersionFile(text, file);
}

/** Lines `NAME='value'`, quoted or not, with blank lines, comments and `export`. Nothing is evaluated. */
export function parseVersionFile(text: string, file: string): Environment {
  const entries = text.split('\n').flatMap((line, index): [string, string][] => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return [];
    const [, name, single, double, plain] =
      /^(?:export\s+)?([A-Za-z_]\w*)=(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()]*))\s*(?:#.*)?$/.exec(content) ?? [];
    if (name === undefined)
      throw new FailureError({
        code: 'BAD_VERSION_FILE',
        file,
        fact: `line ${index + 1} is not of the form NAME='value': ${content}`,
      });
    return [[name, single ?? double ?? plain ?? '']];
  });
  return Object.fromEntries(entries);
}
