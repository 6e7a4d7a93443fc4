import { setTimeout } from 'node:timers/promises';
import { type Descriptor, digestOf } from './image-file.ts';
import { type Repository, putManifest } from './repository.ts';
import { INDEX, type Index, type Tagged, indexText, whatIsTagged } from './tags.ts';

/** Maximum attempts to write an index while others write it, and the maximum pause between two, in milliseconds. */
const TURNS = 8;
const PAUSE = 1000;

/** The new content of a tag, from its present one; undefined if there is nothing to add. */
export type Merge = (there: Tagged | undefined) => Promise<Index | undefined> | Index | undefined;

/**
 * Writes an index, and reads it again until there is nothing to add, because registries have no conditional writes. So
 * the last writer sees the entries of all others. Returns whether it wrote anything.
 */
export async function putIndex(tag: string, merge: Merge, repository: Repository): Promise<boolean> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const index = await merge(await whatIsTagged(tag, repository));
    if (index === undefined) return turn > 0;
    if (turn > 0) await setTimeout(Math.random() * PAUSE, undefined, { signal: repository.signal });
    const { body, descriptor } = encoded(index);
    await putManifest(body, descriptor, repository, tag);
  }
  throw repository.bad(`somebody else changes ${tag} again and again`, AT_ONCE);
}

export const AT_ONCE = 'somebody else pushes to this tag at the same time; push again when that has ended';

export function encoded(index: Index): { readonly body: Buffer; readonly descriptor: Descriptor } {
  const body = Buffer.from(indexText(index));
  return { body, descriptor: { mediaType: INDEX, digest: digestOf(body), size: body.length } };
}
