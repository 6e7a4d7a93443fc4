import type { OutputFiles } from '../files/port.ts';
import { describeIndex } from '../registry/describe-index.ts';
import type { Compressors } from '../tar/real.ts';
import { imageTar } from './image-tar.ts';
import type { ImageWriter } from './port.ts';
import { checkStartable } from './startable.ts';

export const realImageWriter = (files: OutputFiles, { gzip }: Pick<Compressors, 'gzip'>): ImageWriter => ({
  describe: describeIndex,
  async write(to, image, signal) {
    await checkStartable(image);
    await files.writeBytesWhole(to, imageTar(image, { to, gzip, signal }), signal);
  },
});
