import type { Artifact } from './artifact.ts';
import { memberEntry, tarballName, wholeTree } from './entries.ts';

/** The source of the binaries: the commit, or with changes the files. */
export const sourceTarball: Artifact = (shippable) => {
  const { clean, source, settings } = shippable;
  const files = source.map((member) => memberEntry(`${settings.name}/${member.path}`, member));
  return {
    tarballs: [{ name: tarballName(shippable, 'src'), entries: clean ? 'commit' : wholeTree(files) }],
    notes: clean
      ? []
      : [
          {
            what: tarballName(shippable, 'src'),
            why: 'there is no commit without changes, so it holds the files as they are',
          },
        ],
  };
};
