import type { Artifact } from './artifact.ts';
import { binaryEntries, tarballName, wholeTree } from './entries.ts';

/** The client binaries for users' machines, for each platform. */
export const clientTarballs: Artifact = (shippable) => {
  const { client } = shippable.sets;
  const dir = `${shippable.settings.name}/client/bin`;
  return {
    tarballs: client.platforms.map((platform) => ({
      name: tarballName(shippable, 'client', platform),
      entries: wholeTree(binaryEntries(dir, client.namesOn(platform), platform)),
    })),
    notes: [],
  };
};
