import type { Artifact } from './artifact.ts';
import { binaryEntries, keptEntries, tarballName, wholeTree } from './entries.ts';

/**
 * Test binaries for each platform, with server test binaries on the servers' platforms; and a tarball of portable
 * files.
 */
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
