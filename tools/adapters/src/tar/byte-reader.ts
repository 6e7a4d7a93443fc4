import type { FileHandle } from 'node:fs/promises';
import type { Bytes } from './port.ts';

/** Bytes that arrive in pieces of any size, and are read in sizes that the caller chooses. */
export interface ByteReader {
  /** That many bytes; fewer only at the end. */
  take(count: number): Promise<Buffer>;
  /** The same, if the bytes are already here. Most are, and an archive may have a hundred thousand headers. */
  here(count: number): Buffer | undefined;
  /** The same, in pieces. */
  pass(count: number): AsyncGenerator<Buffer>;
  /** Skips that many bytes, which may be more than there are. */
  skip(count: number): Promise<void>;
  /** The number of bytes that were read or skipped. */
  position(): number;
}

/** Bytes of one read of a file. */
const WINDOW = 1 << 16;

/** The bytes of a file. Skipped bytes are not read. */
export function fileReader(file: FileHandle): ByteReader {
  let at = 0;
  const restart = async function* (): Bytes {
    for (let from = at; ;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(WINDOW), 0, WINDOW, from);
      if (bytesRead === 0) return;
      from += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  };
  let reader = byteReader(restart());
  const counted = (bytes: Buffer): Buffer => {
    at += bytes.length;
    return bytes;
  };
  return {
    here: (count) => {
      const bytes = reader.here(count);
      return bytes === undefined ? undefined : counted(bytes);
    },
    take: async (count) => counted(await reader.take(count)),
    async *pass(count) {
      for await (const piece of reader.pass(count)) yield counted(piece);
    },
    async skip(count) {
      at += count;
      if (reader.here(count) === undefined) reader = byteReader(restart());
    },
    position: () => at,
  };
}

export function byteReader(source: Bytes): ByteReader {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;
  const here = (count: number): Buffer | undefined => {
    if (rest.length < count) return undefined;
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    position += count;
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
      position += piece.length;
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }
  return {
    pass,
    here,
    position: () => position,
    async skip(count) {
      for await (const _piece of pass(count));
    },
    async take(count) {
      const taken: Buffer[] = [];
      for await (const piece of pass(count)) taken.push(piece);
      return taken.length === 1 ? taken[0]! : Buffer.concat(taken);
    },
  };
}
