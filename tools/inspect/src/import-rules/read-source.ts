import { join } from 'node:path';
import { lookAt, readForeign } from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';

/** The text of a file of the tree; undefined without one. Throws BAD_CONFIG for an unreadable file. */
export async function readSource(root: string, file: string): Promise<string | undefined> {
  const path = join(root, file);
  if ((await lookAt(path, 'followed')) === undefined) return undefined;
  const read = await readForeign(path, limits.source.bytes, 'followed');
  if ('problem' in read) throw new FailureError({ code: 'BAD_CONFIG', file, fact: read.problem });
  return read.bytes.toString();
}
