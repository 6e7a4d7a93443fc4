import type { Artifact } from './artifact.ts';
import { binaryEntries, clientsFor, copiedEntries, tarballName, wholeTree } from './entries.ts';

/** The binaries of a node, client binaries for debugging, licenses and the source. */
export const nodeTarballs: Artifact = (shippable) => {
  const { node } = shippable.sets;
  const { name, licenses } = shippable.settings;
  const source = tarballName(shippable, 'src');
  return {
    tarballs: node.platforms.map((platform) => ({
      name: tarballName(shippable, 'node', platform),
      entries: wholeTree([
        ...binaryEntries(`${name}/node/bin`, [...node.namesOn(platform), ...clientsFor(platform, shippable)], platform),
        ...copiedEntries(name, licenses, shippable),
        { path: `${name}/${source}`, artifact: source },
      ]),
    })),
    notes: [],
  };
};
