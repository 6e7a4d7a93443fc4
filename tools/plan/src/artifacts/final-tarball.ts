import { SHIPPED_VERSION } from '@slipway/model';
import type { Artifact, Shippable } from './artifact.ts';
import { copiedEntries, keptEntries, tarballName, wholeTree } from './entries.ts';

/** The files that are the same for all platforms. Its scripts download binaries by name, so it stays small. */
export const finalTarball: Artifact = (shippable) => {
  const { name, files, licenses, manifests } = shippable.settings;
  const manifestsName = tarballName(shippable, 'manifests');
  return {
    tarballs: [
      {
        name: tarballName(shippable),
        entries: wholeTree([
          readme('client', shippable),
          readme('server', shippable),
          ...(manifests.length === 0 ? [] : [{ path: `${name}/server/${manifestsName}`, artifact: manifestsName }]),
          ...keptEntries(name, files, shippable),
          ...copiedEntries(name, licenses, shippable),
          { path: `${name}/version`, text: `${SHIPPED_VERSION}\n`, mode: 0o644 },
        ]),
      },
    ],
    notes: [],
  };
};

const readme = (set: 'client' | 'server', shippable: Shippable) => ({
  path: `${shippable.settings.name}/${set}/README`,
  text: `The binaries of this set are in ${tarballName(shippable, set, 'OS', 'ARCH')}, one for each platform.\n`,
  mode: 0o644,
});
