import type { ByteReader } from './byte-reader.ts';
import type { Bytes } from './port.ts';

export const ZSTD_MAGIC = 0xfd2fb528;
const CHECKSUM = 4;

/**
 * The same bytes in pieces that end with a frame of zstd (RFC 8878, 3.1), because Node's decoder ignores what follows a
 * frame in the same piece. Content that is not a frame is left to that decoder, in one last piece.
 */
export async function* zstdFrames(reader: ByteReader): Bytes {
  for (;;) {
    const start = await reader.take(5);
    if (start.length === 0) return;
    if (start.length < 5 || start.readUInt32LE() !== ZSTD_MAGIC) return yield start;
    const descriptor = start[4]!;
    const rest = await reader.take(headerRest(descriptor));
    yield Buffer.concat([start, rest]);
    for (let last = false; !last;) {
      const header = await reader.take(3);
      if (header.length < 3) return yield header;
      const bits = header.readUIntLE(0, 3);
      last = (bits & 1) === 1;
      const isRepeatedByte = ((bits >> 1) & 3) === 1;
      const block = await reader.take(isRepeatedByte ? 1 : bits >> 3);
      const checksum = last && (descriptor & 4) !== 0 ? await reader.take(CHECKSUM) : Buffer.alloc(0);
      yield Buffer.concat([header, block, checksum]);
    }
  }
}

/** Bytes of a frame's header after its descriptor: window, dictionary, size of the content. */
function headerRest(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const content = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + content;
}
