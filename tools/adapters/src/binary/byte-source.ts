import type { FileHandle } from 'node:fs/promises';
import { limits } from '@slipway/model';

/** A header with an impossible value. The message is a fact about the file, for users. */
export class MalformedBinary extends Error {}

/** The bytes of a file by offset. */
export interface ByteSource {
  readonly size: number;
  /**
   * The existing bytes, possibly fewer than requested. Throws MalformedBinary if a header requests more than is
   * reasonable.
   */
  read(offset: number, length: number): Promise<Buffer>;
}

export function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    async read(offset, length) {
      if (!(length <= limits.binary.read)) throw new MalformedBinary(`its header asks for ${length} bytes at once`);
      if (!(offset >= 0 && offset < size)) return Buffer.alloc(0);
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
  };
}

/** The whole range, or MalformedBinary. */
export async function readFields(
  source: ByteSource,
  range: { offset: number; length: number; what: string },
  littleEndian: boolean,
): Promise<Fields> {
  const bytes = await source.read(range.offset, range.length);
  if (bytes.length < range.length) throw new MalformedBinary(`the file ends within its ${range.what}`);
  return new Fields(bytes, littleEndian);
}

/** Numbers and names in a header whose length was checked. */
export class Fields {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;

  constructor(bytes: Buffer, littleEndian: boolean) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
  }

  u8(at: number): number {
    return this.bytes.readUInt8(at);
  }

  u16(at: number): number {
    return this.littleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    return this.littleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /** Addresses above 2^53 lose their low bits; nothing in a file has such an offset, and no lookup finds one. */
  u64(at: number): number {
    return Number(this.littleEndian ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at));
  }

  /** Up to the first NUL. */
  text(at: number, length: number): string {
    const bytes = this.bytes.subarray(at, at + length);
    const end = bytes.indexOf(0);
    return bytes.toString('latin1', 0, end === -1 ? undefined : end);
  }

  slice(at: number, length: number): Fields {
    return new Fields(this.bytes.subarray(at, at + length), this.littleEndian);
  }
}
