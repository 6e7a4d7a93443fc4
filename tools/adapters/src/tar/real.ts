import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type Meter, limits, metered } from '@slipway/model';
import { deflated, gzip, zstd } from './compress-bytes.ts';
import { type Compressor, blockCompressor } from './compressor.ts';
import type { OutputFiles } from '../files/port.ts';
import { readForeign } from '../foreign/foreign-file.ts';
import { lookAt } from '../foreign/look.ts';
import { parseSums } from '../manifest/sums.ts';
import { bytesOfFile, openFile } from './file-bytes.ts';
import type { ArchiveToWrite, ArchiveWriter, Bytes } from './port.ts';
import { tarBytes } from './tar-bytes.ts';
import { zipBytes } from '../zip/zip-bytes.ts';

export interface Compressors extends AsyncDisposable {
  readonly gzip: Compressor;
  readonly zstd: Compressor;
}

/** Archives and image layers contain the same programs, so they share the compressors. */
export function blockCompressors(): Compressors {
  const made = { gzip: blockCompressor(gzip), zstd: blockCompressor(zstd) };
  return {
    ...made,
    async [Symbol.asyncDispose]() {
      await made.gzip[Symbol.asyncDispose]();
      await made.zstd[Symbol.asyncDispose]();
    },
  };
}

export function realArchiveWriter(files: OutputFiles, compressors = blockCompressors()): ArchiveWriter {
  const compressed = (bytes: Bytes, to: string): Bytes => {
    if (to.endsWith('.gz')) return compressors.gzip.compress(bytes, dirname(to));
    return to.endsWith('.zst') ? compressors.zstd.compress(bytes, dirname(to)) : bytes;
  };
  const packed = (archive: ArchiveToWrite, to: string): Bytes =>
    to.endsWith('.zip')
      ? zipBytes(archive, (bytes) => compressors.gzip.compressAs(deflated, bytes, dirname(to)))
      : compressed(tarBytes(archive), to);
  const digest: ArchiveWriter['digest'] = async (path, algorithm) => {
    const hash = createHash(algorithm);
    for await (const piece of bytesOf(path)) hash.update(piece);
    return hash.digest('hex');
  };
  return {
    write: (to, archive, signal) => files.writeBytesWhole(to, packed(archive, to), signal),
    compress: (from, to, signal, meter) => files.writeBytesWhole(to, compressed(bytesOf(from, meter), to), signal),
    compressor(format) {
      const layers = compressors.gzip.description;
      return format === 'gzip' ? layers : `${compressors.zstd.description}; layers ${layers}`;
    },
    digest,
    async removeFormer(sums, names) {
      const read = await readForeign(sums, limits.sums.bytes);
      const rows = 'problem' in read ? read.problem : parseSums(read.bytes.toString(), 'sha256');
      const removed: string[] = [];
      for (const row of typeof rows === 'string' ? [] : rows) {
        const path = join(dirname(sums), row.name);
        if (names.includes(row.name) || (await lookAt(path))?.kind !== 'file') continue;
        if ((await digest(path, 'sha256')) !== row.digest) continue;
        await files.removeTree(path);
        removed.push(row.name);
      }
      return removed;
    },
    [Symbol.asyncDispose]: () => compressors[Symbol.asyncDispose](),
  };
}

async function* bytesOf(path: string, meter?: Meter): Bytes {
  await using file = await openFile(path, 'its bytes are wanted');
  const { size } = await file.stat();
  meter?.expect(size);
  yield* metered(bytesOfFile(file, path, size), meter);
}
