import type { Cluster, Environment, Facts, PlaceName, Profile, TestChoice } from '@slipway/model';
import type { OutputNames } from './names.ts';

/** What every step of one plan is made from; made once, never changed. */
export interface Planning {
  /** Of the tree; and machine, variables and compilers of the place Go runs in. */
  readonly facts: Facts;
  readonly profile: Profile;
  readonly variables: Environment;
  readonly names: OutputNames;
  /** `v1.28.7`; `v0.0.0` where none is known. */
  readonly gitVersion: string;
  /** The linker's -X flags. */
  readonly stamps: string;
  /** Words of WHAT that go to Go as they are. */
  readonly goFlags: readonly string[];
  /** Of the tests that are named. */
  readonly testing?: TestChoice | undefined;
  /** Whether everything is linked without cgo where nobody says otherwise. */
  readonly linkedAlike: boolean;
  /** Profile release goes on without git or a C compiler. */
  readonly allowMissing?: boolean | undefined;
  /** Tags of a registry that name other images are to name these. */
  readonly moveTags?: boolean | undefined;
  /** That builds what it can; undefined: all is built in `place`. */
  readonly cluster?: Cluster | undefined;
  /** Where Go runs. */
  readonly place: PlaceName;
}
