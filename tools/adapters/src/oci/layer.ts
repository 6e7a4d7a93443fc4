import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { ArchiveEntry, Meter } from '@slipway/model';
import { openNameless } from '../files/temporary.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import type { Compressor } from '../tar/compressor.ts';
import { bytesOfFile } from '../tar/file-bytes.ts';
import type { Bytes } from '../tar/port.ts';
import { tarBytes } from '../tar/tar-bytes.ts';

/** A layer, and the digest of its tar (`diff_id`). */
export interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  bytes(): Bytes;
}

/** The content of a layer. */
export interface LayerToWrite {
  readonly entries: readonly ArchiveEntry[];
  readonly root: string;
  readonly time: number;
  readonly meter?: Meter | undefined;
}

/** The directory of layers while their image is written, and their compressor. */
export interface LayerPlace {
  readonly to: string;
  readonly gzip: Compressor;
  readonly signal: AbortSignal | undefined;
}

/** Writes a layer into a file without a name first, because its digest comes before it in the archive. */
export async function writeLayer(
  layer: LayerToWrite,
  { to, gzip, signal }: LayerPlace,
): Promise<Layer & AsyncDisposable> {
  const [plain, packed] = [createHash('sha256'), createHash('sha256')];
  const seen = async function* (): Bytes {
    for await (const piece of tarBytes(layer)) {
      plain.update(piece);
      yield piece;
    }
  };
  const file = await openNameless(dirname(to));
  try {
    let size = 0;
    for await (const piece of gzip.compress(seen(), dirname(to))) {
      throwIfInterrupted(signal);
      packed.update(piece);
      for (let at = 0; at < piece.length;)
        at += (await file.write(piece, at, piece.length - at, size + at)).bytesWritten;
      size += piece.length;
    }
    return {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: `sha256:${packed.digest('hex')}`,
      diffId: `sha256:${plain.digest('hex')}`,
      size,
      bytes: () => bytesOfFile(file, to, size),
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
