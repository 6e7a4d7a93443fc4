import type { Environment } from './environment.ts';

/** Where programs run: on this machine, or in the build container. */
export type PlaceName = 'host' | 'container';

/** What a place puts into the calls of steps. All paths are absolute there. */
export interface Place {
  readonly name: PlaceName;
  /** The tree. */
  readonly root: string;
  /** The output directory. */
  readonly output: string;
  /** The program. */
  readonly go: string;
  /** Set before the variables of a step. */
  readonly environment: Environment;
  readonly container?: { readonly name: string; readonly user: string; readonly image: string };
}

/** The places of a plan, each of which some step of it may run in. */
export type Places = { readonly host: Place } & { readonly [name in PlaceName]?: Place };
