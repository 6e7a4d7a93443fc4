import { type Platform, SHIPPED_TAG, type ShippedEntry, archOf } from '@slipway/model';
import type { Artifact, Shippable } from './artifact.ts';
import { binaryEntries, clientsFor, copiedEntries, tarballName, wholeTree } from './entries.ts';
import { imageArchiveName } from './server-images.ts';

/**
 * The content of a control plane node: binaries, images of those that have one, client binaries, licenses, the source.
 */
export const serverTarballs: Artifact = (shippable) => {
  const { server } = shippable.sets;
  const { name, licenses } = shippable.settings;
  const source = tarballName(shippable, 'src');
  return {
    tarballs: server.platforms.map((platform) => ({
      name: tarballName(shippable, 'server', platform),
      entries: wholeTree([
        ...binaryEntries(
          `${name}/server/bin`,
          [...server.namesOn(platform), ...clientsFor(platform, shippable)],
          platform,
        ),
        ...imageEntries(`${name}/server/bin`, platform, shippable),
        // Start-up scripts need this directory, even if it is empty.
        { path: `${name}/addons`, directory: true },
        ...copiedEntries(name, licenses, shippable),
        { path: `${name}/${source}`, artifact: source },
      ]),
    })),
    notes: [],
  };
};

const imageEntries = (dir: string, platform: Platform, { settings, sets }: Shippable): ShippedEntry[] =>
  settings.images
    .filter(({ binaries }) => binaries.every((name) => sets.server.namesOn(platform).includes(name)))
    .flatMap(({ name: image }) => [
      { path: `${dir}/${image}.tar`, artifact: imageArchiveName(image, archOf(platform)) },
      { path: `${dir}/${image}.docker_tag`, text: `${SHIPPED_TAG}\n`, mode: 0o644 },
    ]);
