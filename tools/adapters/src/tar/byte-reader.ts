import type { Bytes } from './port.ts';

/** Bytes that come in pieces of any size, taken in sizes of ours. */
export interface ByteReader {
  /** So many bytes; fewer only at the end. */
  take(count: number): Promise<Buffer>;
  /** The same when they came already, as most do: an archive may have a hundred thousand headers. */
  here(count: number): Buffer | undefined;
  /** The same without ever holding them all. */
  pass(count: number): AsyncGenerator<Buffer>;
}

export function byteReader(source: Bytes): ByteReader {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const here = (count: number): Buffer | undefined => {
    if (rest.length < count) return undefined;
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  };
  async function* pass(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (rest.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return;
        rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }
  return {
    pass,
    here,
    async take(count) {
      const taken: Buffer[] = [];
      for await (const piece of pass(count)) taken.push(piece);
      return taken.length === 1 ? taken[0]! : Buffer.concat(taken);
    },
  };
}
