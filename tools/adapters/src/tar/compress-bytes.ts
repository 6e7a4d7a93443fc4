import { promisify } from 'node:util';
import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw, zstdCompress } from 'node:zlib';
import type { CompressedBlocks } from './compressed-blocks.ts';
import type { Bytes } from './port.ts';

const deflate = promisify(deflateRaw);
const compressFrame = promisify(zstdCompress);

/** A quarter less work than gzip's default of 6, for 1.3 % more bytes of Go's programs. */
const GZIP_LEVEL = 5;
const ZSTD_LEVEL = 3;
/**
 * Each block is compressed alone, so its bytes do not depend on earlier blocks or on the number of parallel ones. The
 * content decides where a block ends. So a file is cut the same way in every archive, also in an archive inside of
 * another: members of a tar begin at multiples of a sector.
 */
const SECTOR = 512;
const LEAST = 256 << 10;
const MOST = 1 << 20;
/** One sector in this many ends a block. */
const RARITY = 512;
/**
 * Content that is already compressed is stored unchanged. This many bytes of a block are compressed quickly, and must
 * become this much smaller.
 */
const SAMPLE = 16 << 10;
const WORTH = 0.97;

/** A format whose compressed blocks follow each other. */
export interface BlockFormat {
  /**
   * Everything besides the input that affects the bytes. Node has its own libraries, so two versions of Node may
   * differ.
   */
  readonly description: string;
  readonly header: Buffer;
  compress(block: Buffer): Promise<Buffer>;
  /** Follows the last block, and describes the whole content. */
  trailer(whole: { readonly size: number; readonly crc32: number }): Buffer;
}

const blocksAre = `blocks of ${LEAST} to ${MOST}`;

/** One member of RFC 1952: no name, no time, no extra flags, made by unix. */
export const gzip: BlockFormat = {
  description: `gzip level ${GZIP_LEVEL} or none, ${blocksAre}, zlib ${process.versions['zlib']}, ${process.arch}`,
  header: Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
  compress: async (block) =>
    deflate(block, {
      level: (await isWorthIt(block)) ? GZIP_LEVEL : 0,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: LEAST,
    }),
  trailer(whole) {
    // An empty last block comes first.
    const trailer = Buffer.from([0x03, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]);
    trailer.writeUInt32LE(whole.crc32, 2);
    trailer.writeUInt32LE(whole.size % 2 ** 32, 6);
    return trailer;
  },
};

/** The deflate stream of a gzip file without its header and trailer (RFC 1951), for a member of a zip file. */
export const deflated: BlockFormat = {
  description: gzip.description,
  header: Buffer.alloc(0),
  compress: gzip.compress,
  trailer: () => Buffer.from([0x03, 0x00]),
};

/** Frames of RFC 8878, each with its size and checksum. Every reader accepts several in a row. */
export const zstd: BlockFormat = {
  description: `zstd level ${ZSTD_LEVEL}, ${blocksAre}, zstd ${process.versions['zstd']}, ${process.arch}`,
  header: Buffer.alloc(0),
  compress: (block) =>
    compressFrame(block, {
      params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
      pledgedSrcSize: block.length,
    }),
  trailer: () => Buffer.alloc(0),
};

async function isWorthIt(block: Buffer): Promise<boolean> {
  const sample = block.subarray(0, SAMPLE);
  return (await deflate(sample, { level: 1 })).length < WORTH * sample.length;
}

/** Compresses on Node's thread pool, with only a few blocks in memory. */
export async function* compressBytes(source: Bytes, format: BlockFormat, kept: CompressedBlocks): Bytes {
  const most = Math.max(2, availableParallelism() + 1);
  const compressing: { readonly block: Buffer; readonly done: Promise<Buffer> }[] = [];
  const unused: Buffer[] = [];
  let check = 0;
  let size = 0;
  /** The oldest block. Its memory is free afterwards. */
  const next = async (): Promise<Buffer> => {
    const { block, done } = compressing.shift()!;
    const packed = await done;
    unused.push(Buffer.from(block.buffer));
    return packed;
  };
  yield format.header;
  for await (const block of blocksOf(source, unused)) {
    check = crc32(block, check);
    size += block.length;
    compressing.push({ block, done: kept.compressed(block, format.compress) });
    if (compressing.length >= most) yield await next();
  }
  while (compressing.length > 0) yield await next();
  yield format.trailer({ size, crc32: check });
}

/** The same bytes in blocks. Each block is at the beginning of its own memory, from `unused` or new. */
async function* blocksOf(source: Bytes, unused: Buffer[]): AsyncGenerator<Buffer> {
  const memory = (): Buffer => unused.pop() ?? Buffer.allocUnsafeSlow(MOST);
  let block = memory();
  let filled = 0;
  /** The block was searched up to here. */
  let seen = LEAST;
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length;) {
      const count = Math.min(bytes.length - at, MOST - filled);
      block.set(bytes.subarray(at, at + count), filled);
      at += count;
      filled += count;
      for (let end = endIn(block, seen, filled); end !== undefined; end = endIn(block, seen, filled)) {
        const next = memory();
        block.copy(next, 0, end, filled);
        yield block.subarray(0, end);
        block = next;
        filled -= end;
        seen = LEAST;
      }
      seen = Math.max(LEAST, filled - (filled % SECTOR));
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** The first possible end in the complete sectors after `from`. */
function endIn(block: Buffer, from: number, filled: number): number | undefined {
  for (let at = from; at + SECTOR <= filled; at += SECTOR) if (endsBlock(block, at)) return at + SECTOR;
  return filled === MOST ? MOST : undefined;
}

/** Mixes a few words of the sector. A sector of zeros ends no block. */
function endsBlock(block: Buffer, at: number): boolean {
  let mixed = 0;
  for (let word = 0; word < SECTOR; word += SECTOR / 8)
    mixed = Math.imul(mixed ^ block.readUInt32LE(at + word), 0x9e3779b1) ^ (mixed >>> 15);
  return mixed >>> 0 > 0xffffffff - 2 ** 32 / RARITY;
}
