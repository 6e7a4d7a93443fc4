import type { ContainerFacts, Facts, Place, Sender } from '@slipway/model';
import type { ContainerNames } from './container-names.ts';
import type { OutputNames } from './names.ts';
import type { Planning } from './planning.ts';

/** The inputs of all container steps of a plan. */
export interface Containing {
  /** Facts of this machine. */
  readonly facts: Facts;
  readonly containers: ContainerFacts;
  readonly names: ContainerNames;
  /** Output paths on this machine. */
  readonly output: OutputNames;
  /** Planning for steps on this machine. */
  readonly host: Planning;
  /** Planning for steps in the build container. */
  readonly inside: Planning;
  readonly place: Place;
  /** The base image's name in a registry; undefined: slipway builds it from packages. */
  readonly pull: string | undefined;
  /** The build container sees the tree through a bind mount, without a sync. */
  readonly bound: boolean;
  /** In order of preference. */
  readonly senders: readonly Sender[];
  readonly cgroupParent: string | undefined;
  /** A command with the same result on this machine. */
  readonly instead: string | undefined;
  /** Rebuild everything. */
  readonly always: boolean;
}
