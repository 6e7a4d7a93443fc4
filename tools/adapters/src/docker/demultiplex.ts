import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

const HEADER = 8;
const STDERR = 2;

/**
 * Splits the output that an engine sends for a command without a terminal: frames of a header (stream, three zeros,
 * length big-endian) and that many bytes. It waits for the readers, so nothing accumulates here.
 */
export async function demultiplex(stream: Readable, output: Writable, errors: Writable): Promise<void> {
  let header = Buffer.alloc(0);
  let left = 0;
  let to = output;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let rest = chunk;
    while (rest.length > 0) {
      if (left === 0) {
        const missing = HEADER - header.length;
        header = Buffer.concat([header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (header.length < HEADER) break;
        left = header.readUInt32BE(4);
        to = header[0] === STDERR ? errors : output;
        header = Buffer.alloc(0);
        continue;
      }
      const part = rest.subarray(0, left);
      left -= part.length;
      rest = rest.subarray(part.length);
      await write(to, part);
    }
  }
}

/** Resolves when there is space for more. */
export async function write(to: Writable, bytes: Uint8Array): Promise<void> {
  if (!to.write(bytes)) await once(to, 'drain');
}
