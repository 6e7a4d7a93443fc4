import {
  type ImageSettings,
  type Platform,
  SHIPPED_TAG,
  type ShippedEntry,
  type ShippedImage,
  archOf,
  osOf,
} from '@slipway/model';
import type { Shippable } from './artifact.ts';
import { entriesBelow } from './entries.ts';

/** `amd64/kube-apiserver.tar`: relative to the directory of images. */
export const imageArchiveName = (image: string, arch: string): string => `${arch}/${image}.tar`;

/** All images, for every Linux platform on which all of their binaries are built. */
export function serverImages(shippable: Shippable): ShippedImage[] {
  const sets = Object.values(shippable.sets);
  const platforms = new Set(sets.flatMap((set) => set.platforms).filter((platform) => osOf(platform) === 'linux'));
  const isBuilt = (name: string, platform: Platform): boolean =>
    sets.some((set) => set.platforms.includes(platform) && set.namesOn(platform).includes(name));
  return [...platforms].flatMap((platform) =>
    shippable.settings.images
      .filter(({ binaries }) => binaries.every((name) => isBuilt(name, platform)))
      .map((image) => imageOn(platform, image, shippable)),
  );
}

const imageOn = (platform: Platform, image: ImageSettings, shippable: Shippable): ShippedImage => ({
  name: image.name,
  platform,
  names: [`${shippable.settings.registry}/${image.name}-${archOf(platform)}:${SHIPPED_TAG}`],
  base: image.base,
  layers: [
    [
      ...image.binaries.map((binary) => ({ path: `usr/local/bin/${binary}`, binary, platform })),
      ...Object.entries(image.files).flatMap(([place, path]): ShippedEntry[] =>
        entriesBelow(place.slice(1), path, shippable),
      ),
    ],
  ],
  config: {
    user: image.user,
    entrypoint: image.entrypoint,
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    labels: { 'org.opencontainers.image.title': image.name, ...image.labels },
  },
});
