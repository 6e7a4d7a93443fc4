import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Blocks that were compressed in this run, by digest, in a file without a name. */
export interface CompressedBlocks {
  /** The earlier result of `compress` for the same bytes, or a new one. */
  compressed(block: Buffer, compress: (block: Buffer) => Promise<Buffer>): Promise<Buffer>;
  close(): Promise<void>;
}

interface Place {
  readonly at: number;
  readonly size: number;
}

/** Calls `open` once, for the first block. Blocks that cannot be stored are compressed again. */
export function compressedBlocks(open: () => Promise<FileHandle>): CompressedBlocks {
  const places = new Map<string, Promise<Place>>();
  let file: Promise<FileHandle> | undefined;
  let end = 0;

  const keep = async (block: Buffer): Promise<Place> => {
    const place = { at: end, size: block.length };
    end += block.length;
    await writeAll(await (file ??= open()), block, place.at);
    return place;
  };
  const read = async ({ at, size }: Place): Promise<Buffer | undefined> => {
    const block = Buffer.allocUnsafe(size);
    const { bytesRead } = await (await file!).read(block, 0, size, at);
    return bytesRead === size ? block : undefined;
  };
  return {
    async compressed(block, compress) {
      const digest = hash('sha256', block);
      const kept = places.get(digest);
      const known = kept === undefined ? undefined : await kept.then(read).catch(() => undefined);
      if (known !== undefined) return known;
      const packed = compress(block);
      // Other callers with the same block wait for this one.
      const place = packed.then(keep);
      place.catch(() => places.delete(digest));
      places.set(digest, place);
      return packed;
    },
    async close() {
      await (await file?.catch(() => undefined))?.close();
      file = undefined;
      places.clear();
    },
  };
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
}
