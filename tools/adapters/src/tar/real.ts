import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { FailureError } from '@slipway/model';
import { errorCode } from '../files/failure.ts';
import type { OutputFiles } from '../files/port.ts';
import { compressor, gzipBytes } from './gzip-bytes.ts';
import type { ArchiveWriter, Bytes } from './port.ts';
import { tarBytes } from './tar-bytes.ts';

export function realArchiveWriter(files: OutputFiles): ArchiveWriter {
  return {
    compressor,
    write(to, archive, signal) {
      const bytes = tarBytes(archive);
      return files.writeBytesWhole(to, archive.compression === 'gzip' ? gzipBytes(bytes) : bytes, signal);
    },
    compress: (from, to, signal) => files.writeBytesWhole(to, gzipBytes(bytesOf(from)), signal),
    async digest(path, algorithm) {
      const hash = createHash(algorithm);
      for await (const piece of bytesOf(path)) hash.update(piece);
      return hash.digest('hex');
    },
  };
}

async function* bytesOf(path: string): Bytes {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 });
  } catch (error) {
    throw new FailureError({ code: 'UNREADABLE', path, fact: errorCode(error) ?? String(error) });
  }
}
