import type { ContainerFacts, Facts, Place, Sender } from '@slipway/model';
import type { ContainerNames } from './container-names.ts';
import type { OutputNames } from './names.ts';
import type { Planning } from './planning.ts';

/** What every container step of one plan is made from. */
export interface Containing {
  /** Of this machine. */
  readonly facts: Facts;
  readonly containers: ContainerFacts;
  readonly names: ContainerNames;
  /** Here. */
  readonly output: OutputNames;
  /** What is done on this machine. */
  readonly host: Planning;
  /** What is done in the build container. */
  readonly inside: Planning;
  readonly place: Place;
  /** The base image's name in a registry; undefined: it is made from packages. */
  readonly pull: string | undefined;
  /** The tree is not sent: the build container sees it where it is. */
  readonly bound: boolean;
  /** In order. */
  readonly senders: readonly Sender[];
  readonly cgroupParent: string | undefined;
  /** The command that does the same on this machine. */
  readonly instead: string | undefined;
  /** Nothing is taken for done. */
  readonly always: boolean;
}
