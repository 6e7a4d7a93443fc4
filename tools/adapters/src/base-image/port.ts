import type { Readable } from 'node:stream';
import type { BaseImage, Environment, Meter } from '@slipway/model';

/** The packages to collect, and for which machine. */
export interface GatheringPackages extends Pick<BaseImage, 'reference' | 'packages'> {
  /** Debian's name: `arm64`. Undefined: this machine's. */
  readonly architecture?: string;
  /** The program's environment: PATH, proxies. */
  readonly env: Environment;
  /** Directory for downloaded packages; undefined: not kept. */
  readonly cache: string | undefined;
  /** Gets the progress of downloads and of loading the image. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export type MakingBaseImage = BaseImage & GatheringPackages;

/**
 * Makes an image from packages of a Debian or Ubuntu and a local Go, without a registry, a container or root. Equal
 * packages and an equal Go give the same image id. `load` receives the archive that it must load. Throws TOOL_MISSING without apt,
 * and IMAGE_FAILED with apt's message.
 */
export type MakeBaseImage = (request: MakingBaseImage, load: (archive: Readable) => Promise<void>) => Promise<void>;
