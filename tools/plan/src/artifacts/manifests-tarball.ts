import type { Artifact } from './artifact.ts';
import { copiedEntries, tarballName, wholeTree } from './entries.ts';

/** The manifests that start the components. */
export const manifestsTarball: Artifact = (shippable) => {
  const { name, manifests } = shippable.settings;
  const tarball = tarballName(shippable, 'manifests');
  if (manifests.length === 0)
    return { tarballs: [], notes: [{ what: tarball, why: 'release.manifests names no file' }] };
  const entries = wholeTree(copiedEntries(`${name}/manifests`, manifests, shippable));
  return { tarballs: [{ name: tarball, entries }], notes: [] };
};
