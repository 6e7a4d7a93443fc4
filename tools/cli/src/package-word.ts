import { join, resolve } from 'node:path';
import { FailureError, isLabel, parseLabel } from '@slipway/model';

interface Places {
  readonly root: string;
  readonly cwd: string;
}

/**
 * Parses a package or file: a label, `@path` as `query` prints packages of other modules, a path, or an import path.
 * Throws BAD_LABEL.
 */
export function packageWord(word: string, { root, cwd }: Places): { readonly path: string; readonly name: string } {
  if (!isLabel(word) || word.startsWith('-')) {
    const name = word.replace(/^@/, '');
    return { path: resolve(cwd, name), name };
  }
  const parsed = parseLabel(word);
  if (!parsed.ok) throw refused(word, parsed.at, parsed.fact);
  if (parsed.label.names !== 'package') throw refused(word, 2, 'that is more than one package, or its tests');
  const path = join(root, parsed.label.path).replace(/\/$/, '');
  return { path, name: path };
}

const refused = (text: string, at: number, fact: string): FailureError =>
  new FailureError({ code: 'BAD_LABEL', text, at, fact, hint: 'as in slipway why //pkg/kubelet WHAT=cmd/kubelet' });
