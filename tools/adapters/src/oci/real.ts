import type { OutputFiles } from '../files/port.ts';
import { imageTar } from './image-tar.ts';
import type { ImageWriter } from './port.ts';

export const realImageWriter = (files: OutputFiles): ImageWriter => ({
  write: (to, image, signal) => files.writeBytesWhole(to, imageTar(image), signal),
});
