import type { Closure } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { Store } from '../store/port.ts';
import { explainDifference } from './explain.ts';
import type { KeyParts } from './key.ts';
import { findNewest, whereAndWhen } from './newest.ts';
import type { Reads } from './reads.ts';
import type { OutputStates } from './state.ts';

export function whyStale(sameKey: boolean, output: string, difference: string): string {
  if (output === 'absent')
    return sameKey ? 'its output is gone' : `its output is missing${difference === '' ? '' : `; ${difference}`}`;
  if (sameKey) return 'its output was changed by somebody else';
  return difference === '' ? 'it was never made here' : difference;
}

interface Explained {
  readonly name: string;
  readonly parts: KeyParts;
  readonly closure: Closure;
  readonly reads: Reads;
}

interface Known {
  readonly root: string;
  readonly index: ContentIndex;
  readonly states: OutputStates;
  readonly store: Store | undefined;
}

/** What differs from when it was last made here, else from the newest that the store knows of; empty when neither is known. */
export async function explainPart(
  { name, parts, closure, reads }: Explained,
  { states, index, root, store }: Known,
): Promise<string> {
  const here = states.partsOf(name);
  const elsewhere = here === undefined ? await findNewest(parts, store) : undefined;
  const before = here ?? elsewhere?.parts;
  if (before === undefined) return '';
  const learned = new Set(index.newContent());
  const packages = new Map(closure.packages.map((each) => [each.importPath, each]));
  const difference = explainDifference(before, parts, (importPath) => {
    const each = packages.get(importPath);
    const own = each?.files.map((file) => `${each.dir}/${file}`) ?? [];
    const path = [...own, ...(reads.compiling.get(importPath)?.files.values() ?? [])].find((file) => learned.has(file));
    // Of another place it is not known which of the files differ.
    if (here === undefined) return undefined;
    return path?.startsWith(`${root}/`) === true ? path.slice(root.length + 1) : path;
  });
  if (elsewhere === undefined) return difference;
  return difference === '' ? '' : `unlike the one of ${whereAndWhen(elsewhere)}: ${difference}`;
}
