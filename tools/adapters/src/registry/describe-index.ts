import { FailureError } from '@slipway/model';
import type { DescribedIndex, IndexToDescribe } from '../oci/port.ts';
import { type Descriptor, digestOf, openImage } from './image-file.ts';
import { indexText, mergedIndex } from './tags.ts';

/** The index that a push of images to a free tag creates. */
export async function describeIndex({ images, annotations }: IndexToDescribe): Promise<DescribedIndex> {
  const manifests: Descriptor[] = [];
  for (const { archive, platform } of images) {
    await using file = await openImage(archive, platform);
    if (file === undefined)
      throw new FailureError({ code: 'BAD_IMAGE', image: archive, fact: 'it is not an image that slipway made' });
    manifests.push(file.descriptor);
  }
  const merged = mergedIndex(undefined, { manifests, annotations });
  const text = 'index' in merged ? indexText(merged.index) : '';
  return { digest: digestOf(Buffer.from(text)), manifests: manifests.map(({ digest }) => digest) };
}
