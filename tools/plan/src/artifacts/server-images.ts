import { SHIPPED_TAG, type ShippedImage, archOf, osOf } from '@slipway/model';
import type { Shippable } from './artifact.ts';

/** `amd64/kube-apiserver.tar`: below the directory of images. */
export const imageArchiveName = (image: string, arch: string): string => `${arch}/${image}.tar`;

/** No user of that number is anybody else. */
const NOBODY = '65532:65532';

/** One image for each server binary that has one, for each Linux the server set is shipped for. */
export const serverImages = ({ settings, sets }: Shippable): ShippedImage[] =>
  sets.server.platforms
    .filter((platform) => osOf(platform) === 'linux')
    .flatMap((platform) =>
      settings.images
        .filter((name) => sets.server.namesOn(platform).includes(name))
        .map((name) => ({
          name,
          platform,
          names: [`${settings.registry}/${name}-${archOf(platform)}:${SHIPPED_TAG}`],
          base: settings.base,
          layers: [[{ path: `usr/local/bin/${name}`, binary: name, platform }]],
          config: {
            user: NOBODY,
            entrypoint: [`/usr/local/bin/${name}`],
            env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
            labels: { 'org.opencontainers.image.title': name },
          },
        })),
    );
