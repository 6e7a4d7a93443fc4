import type { Cluster, Environment, Facts, PlaceName, Profile, TestChoice } from '@slipway/model';
import type { OutputNames } from './names.ts';

/** The inputs of all steps of a plan. Immutable. */
export interface Planning {
  /** Facts of the tree, and of the place where Go runs: machine, variables, compilers. */
  readonly facts: Facts;
  readonly profile: Profile;
  readonly variables: Environment;
  readonly names: OutputNames;
  /** `v1.28.7`; `v0.0.0` if unknown. */
  readonly gitVersion: string;
  /** The linker's -X flags. */
  readonly stamps: string;
  /** Words of WHAT that are passed to Go unchanged. */
  readonly goFlags: readonly string[];
  /** Which of the named tests run. */
  readonly testing?: TestChoice | undefined;
  /** Link everything without cgo unless the tree says otherwise. */
  readonly linkedAlike: boolean;
  /** Profile release continues without git or a C compiler. */
  readonly allowMissing?: boolean | undefined;
  /** Move existing tags of a registry to the new images. */
  readonly moveTags?: boolean | undefined;
  /** A cluster that builds; undefined: everything is built in `place`. */
  readonly cluster?: Cluster | undefined;
  /** The place where Go runs. */
  readonly place: PlaceName;
}
