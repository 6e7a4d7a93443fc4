import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { OutputFiles } from '../files/port.ts';
import { openNameless } from '../files/temporary.ts';
import { type CompressedBlocks, compressedBlocks } from './compressed-blocks.ts';
import { bytesOfFile, openFile } from './file-bytes.ts';
import { compressor, gzipBytes } from './gzip-bytes.ts';
import type { ArchiveWriter, Bytes } from './port.ts';
import { tarBytes } from './tar-bytes.ts';

export function realArchiveWriter(files: OutputFiles): ArchiveWriter {
  let blocks: CompressedBlocks | undefined;
  const gzip = (bytes: Bytes, to: string): Bytes => {
    blocks ??= compressedBlocks(() => openNameless(dirname(to)));
    return gzipBytes(bytes, blocks);
  };
  return {
    compressor,
    write(to, archive, signal) {
      const bytes = tarBytes(archive);
      return files.writeBytesWhole(to, archive.compression === 'gzip' ? gzip(bytes, to) : bytes, signal);
    },
    compress: (from, to, signal) => files.writeBytesWhole(to, gzip(bytesOf(from), to), signal),
    async digest(path, algorithm) {
      const hash = createHash(algorithm);
      for await (const piece of bytesOf(path)) hash.update(piece);
      return hash.digest('hex');
    },
    async [Symbol.asyncDispose]() {
      await blocks?.close();
      blocks = undefined;
    },
  };
}

async function* bytesOf(path: string): Bytes {
  await using file = await openFile(path, 'its bytes are wanted');
  yield* bytesOfFile(file, path, (await file.stat()).size);
}
