import type { Readable } from 'node:stream';
import type { BaseImage, Environment, Meter } from '@slipway/model';

/** Which packages are gathered, and for whom. */
export interface GatheringPackages extends Pick<BaseImage, 'reference' | 'packages'> {
  /** In Debian's words: `arm64`. Undefined: that of this machine. */
  readonly architecture?: string;
  /** Of the program: PATH, proxies. */
  readonly env: Environment;
  /** Where downloaded packages are kept; undefined: nowhere. */
  readonly cache: string | undefined;
  /** Told of packages that are fetched, and of the image that is loaded. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export type MakingBaseImage = BaseImage & GatheringPackages;

/**
 * Makes an image from the packages of a Debian or Ubuntu and a Go that is here, without a registry, a container or root:
 * equal packages and an equal Go give an image of equal id. `load` is given the archive to load. Throws TOOL_MISSING
 * where there is no apt, IMAGE_FAILED with what apt says.
 */
export type MakeBaseImage = (request: MakingBaseImage, load: (archive: Readable) => Promise<void>) => Promise<void>;
