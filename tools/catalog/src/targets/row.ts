import type { Profile } from '@slipway/model';

interface AnyRow {
  readonly name: string;
  /** The profile when none is given; dev where this says nothing. */
  readonly profile?: Profile;
  /** Words it takes after it. */
  readonly arguments?: string;
  readonly summary: string;
  readonly variables: readonly string[];
  readonly example: string;
  /** Known by another name, or of programs: the first screen leaves it out. */
  readonly rare?: true;
}

/** What a goal is. One that packages says how far. */
export type PlannedRow = PlannedAnyhow &
  (
    | { readonly does: 'package'; readonly packs: Packing }
    | {
        readonly does: 'build' | 'clean' | 'vet' | 'generate' | 'test' | 'verify' | 'update';
        readonly packs?: never;
      }
  );

interface PlannedAnyhow extends AnyRow {
  readonly kind: 'build';
  /** For linux on this machine's architecture alone. */
  readonly platform?: 'own';
  /** What it builds is built in containers, but with --without-docker. */
  readonly containers?: true;
}

interface ContainerizedRow extends AnyRow {
  readonly kind: 'containerized';
  /** The planned target that is done in the container. */
  readonly as?: string;
}

interface AskedRow extends AnyRow {
  readonly kind: 'query';
}

export type TargetRow = PlannedRow | ContainerizedRow | AskedRow;

/** Images alone, these and where they are taken, or all of a release. */
export type Packing = 'images' | 'pushed images' | 'loaded images' | 'everything';
