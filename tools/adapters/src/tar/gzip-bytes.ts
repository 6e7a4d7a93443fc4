import { promisify } from 'node:util';
import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { Bytes } from './port.ts';

const deflate = promisify(deflateRaw);

/** As gzip and tar have it. */
const LEVEL = 6;
/** Each block is compressed by itself, knowing the 32 KiB before it: the bytes do not depend on how many run at once. */
const BLOCK = 512 << 10;
const WINDOW = 32 << 10;
/** What is compressed already stays as it is: so much of a block is tried, quickly, and must become that much smaller. */
const SAMPLE = 16 << 10;
const WORTH = 0.97;

/** What decides the bytes besides the input. Node brings its own zlib, so two versions of Node may differ. */
export const compressor = `gzip level ${LEVEL} or none, blocks of ${BLOCK}, zlib ${process.versions['zlib']}, ${process.arch}`;

/** Magic, deflate, no name, no time, no extra flags, unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** A last block with nothing in it. */
const END = Buffer.from([0x03, 0x00]);

/** One gzip member. Compresses on the threads Node has for it; a few blocks are in memory at a time. */
export async function* gzipBytes(source: Bytes): Bytes {
  const most = Math.max(2, availableParallelism() + 1);
  const compressing: Promise<Buffer>[] = [];
  let check = 0;
  let size = 0;
  let before: Buffer | undefined;
  yield HEADER;
  for await (const block of blocksOf(source)) {
    check = crc32(block, check);
    size += block.length;
    compressing.push(compressBlock(block, before));
    before = block.subarray(-WINDOW);
    if (compressing.length >= most) yield await compressing.shift()!;
  }
  for (const block of compressing) yield await block;
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(check, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield Buffer.concat([END, trailer]);
}

const compressBlock = async (block: Buffer, dictionary: Buffer | undefined): Promise<Buffer> =>
  deflate(block, {
    level: (await isWorthIt(block)) ? LEVEL : 0,
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: BLOCK / 2,
    ...(dictionary === undefined ? {} : { dictionary }),
  });

async function isWorthIt(block: Buffer): Promise<boolean> {
  const sample = block.subarray(0, SAMPLE);
  return (await deflate(sample, { level: 1 })).length < WORTH * sample.length;
}

/** The same bytes in pieces of one size. */
async function* blocksOf(source: Bytes): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(BLOCK);
  let filled = 0;
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length;) {
      const count = Math.min(bytes.length - at, BLOCK - filled);
      block.set(bytes.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < BLOCK) continue;
      yield block;
      block = Buffer.allocUnsafe(BLOCK);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
