import type { Planning } from '../planning.ts';

/**
 * The metadata of an image, in its config, its manifest and the index that names it, by the keys of the OCI image
 * specification. Each image names the repository with its source.
 */
export function imageAnnotations({
  planning,
  time,
}: {
  readonly planning: Pick<Planning, 'facts' | 'gitVersion' | 'variables'>;
  readonly time: number;
}): Readonly<Record<string, string>> {
  const { facts, gitVersion } = planning;
  const source = publishedSource(planning);
  const said = {
    created: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
    licenses: facts.shipping?.license,
    revision: facts.git.commit,
    source,
    version: gitVersion,
  };
  const known = Object.entries(said).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(known.map(([key, value]) => [`org.opencontainers.image.${key}`, value]));
}

/** The public address of the source: the user's, else git's remote. */
export const publishedSource = ({ facts, variables }: Pick<Planning, 'facts' | 'variables'>): string | undefined =>
  variables['SLIPWAY_SOURCE'] || facts.shipping?.repository;
