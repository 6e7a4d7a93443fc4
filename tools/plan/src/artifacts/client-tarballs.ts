import type { Artifact } from './artifact.ts';
import { binaryEntries, tarballName, wholeTree } from './entries.ts';

/** What users run on their own machine, for each platform. */
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
