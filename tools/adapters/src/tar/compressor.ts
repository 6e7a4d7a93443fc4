import { openNameless } from '../files/temporary.ts';
import { type BlockFormat, compressBytes } from './compress-bytes.ts';
import { type CompressedBlocks, compressedBlocks } from './compressed-blocks.ts';
import type { Bytes } from './port.ts';

/** Compresses equal content only once. Disposing drops the stored blocks, and the compressor can still be used. */
export interface Compressor extends AsyncDisposable {
  /** The compressor's name, version and settings. */
  readonly description: string;
  /** `directory` is for the blocks. The first call decides it. */
  compress(bytes: Bytes, directory: string): Bytes;
  /** The same in another format, which has its own blocks. */
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
