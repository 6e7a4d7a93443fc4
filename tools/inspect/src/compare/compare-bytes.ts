import { createHash } from 'node:crypto';
import { type ForeignFile, openPlain } from '@slipway/adapters';

const CHUNK = 1 << 20;

export type BytesResult =
  | { readonly same: true; readonly sha256: string }
  | { readonly same: false; readonly offset: number };

/** Stops at the first difference. It also reads files of different sizes, to find their first different byte. */
export async function compareBytes(pathA: string, pathB: string): Promise<BytesResult> {
  await using fileA = await openPlain(pathA, 'followed');
  await using fileB = await openPlain(pathB, 'followed');
  const bufferA = Buffer.allocUnsafe(CHUNK);
  const bufferB = Buffer.allocUnsafe(CHUNK);
  const hash = createHash('sha256');
  for (let start = 0; ;) {
    const [a, b] = await Promise.all([readFull(fileA, bufferA, start), readFull(fileB, bufferB, start)]);
    if (!a.equals(b)) return { same: false, offset: start + firstDifference(a, b) };
    if (a.length === 0) return { same: true, sha256: hash.digest('hex') };
    hash.update(a);
    start += a.length;
  }
}

/** Reads until the buffer is full, because a short read would look like a difference. */
async function readFull({ handle }: ForeignFile, buffer: Buffer, start: number): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function firstDifference(a: Buffer, b: Buffer): number {
  const length = Math.min(a.length, b.length);
  const index = a.subarray(0, length).findIndex((byte, at) => byte !== b[at]);
  return index === -1 ? length : index;
}
