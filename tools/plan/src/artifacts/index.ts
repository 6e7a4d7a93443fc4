import type { Shipping, PlanNote } from '@slipway/model';
import { namedArchives } from './archives.ts';
import type { Artifact, Shippable } from './artifact.ts';
import { clientTarballs } from './client-tarballs.ts';
import { finalTarball } from './final-tarball.ts';
import { manifestsTarball } from './manifests-tarball.ts';
import { nodeTarballs } from './node-tarballs.ts';
import { serverImages } from './server-images.ts';
import { serverTarballs } from './server-tarballs.ts';
import { sourceTarball } from './source-tarball.ts';
import { testTarballs } from './test-tarballs.ts';

export type { Shippable } from './artifact.ts';
export { inOrder, wholeTree } from './entries.ts';
export { refusedMembers } from './refused-members.ts';
export { imageArchiveName } from './server-images.ts';

/** All tarballs whose content is defined by settings. Trees with scripts define their own. */
const artifacts: readonly Artifact[] = [
  sourceTarball,
  clientTarballs,
  manifestsTarball,
  nodeTarballs,
  serverTarballs,
  testTarballs,
  finalTarball,
];

/** The artifacts of a tree by its settings. */
export function shippingBySettings(shippable: Shippable): Shipping & { readonly notes: readonly PlanNote[] } {
  const { archives } = shippable.settings;
  const shipped =
    archives === undefined
      ? artifacts.map((artifact) => artifact(shippable))
      : [{ tarballs: namedArchives(shippable), notes: [] }];
  return {
    tarballs: shipped.flatMap(({ tarballs }) => tarballs),
    images: serverImages(shippable),
    notes: shipped.flatMap(({ notes }) => notes),
  };
}
