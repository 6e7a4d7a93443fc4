import type { Artifact } from './artifact.ts';
import { binaryEntries, keptEntries, tarballName, wholeTree } from './entries.ts';

/** Test binaries for each platform, and on those of the servers what tests them from within; what is the same for all. */
export const testTarballs: Artifact = (shippable) => {
  const { test, 'test-server': onServers } = shippable.sets;
  const { name, portable } = shippable.settings;
  const portableName = tarballName(shippable, 'test', 'portable');
  return {
    tarballs: [
      ...test.platforms.map((platform) => ({
        name: tarballName(shippable, 'test', platform),
        entries: wholeTree([
          ...binaryEntries(`${name}/test/bin`, test.namesOn(platform), platform),
          ...(onServers.platforms.includes(platform)
            ? binaryEntries(`${name}/test/bin`, onServers.namesOn(platform), platform)
            : []),
        ]),
      })),
      ...(portable.length === 0
        ? []
        : [{ name: portableName, entries: wholeTree(keptEntries(name, portable, shippable)) }]),
    ],
    notes: portable.length === 0 ? [{ what: portableName, why: 'release.portable names no file' }] : [],
  };
};
