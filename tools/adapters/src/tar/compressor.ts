import { openNameless } from '../files/temporary.ts';
import { type BlockFormat, compressBytes } from './compress-bytes.ts';
import { type CompressedBlocks, compressedBlocks } from './compressed-blocks.ts';
import type { Bytes } from './port.ts';

/** Compresses what it met before only once. Disposing forgets what was kept for that, and it can still be used. */
export interface Compressor extends AsyncDisposable {
  /** What compresses, with its version and settings. */
  readonly description: string;
  /** `directory` is where the first one that is asked keeps what it may meet again. */
  compress(bytes: Bytes, directory: string): Bytes;
  /** The same in another format, whose blocks are those of its own. */
  compressAs(form: BlockFormat, bytes: Bytes, directory: string): Bytes;
}

export function blockCompressor(format: BlockFormat): Compressor {
  let kept: CompressedBlocks | undefined;
  const compressAs: Compressor['compressAs'] = (form, bytes, directory) => {
    kept ??= compressedBlocks(() => openNameless(directory));
    return compressBytes(bytes, form, kept);
  };
  return {
    description: format.description,
    compress: (bytes, directory) => compressAs(format, bytes, directory),
    compressAs,
    async [Symbol.asyncDispose]() {
      await kept?.close();
      kept = undefined;
    },
  };
}
