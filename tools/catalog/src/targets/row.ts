import type { Profile } from '@slipway/model';

interface AnyRow {
  readonly name: string;
  /** The default profile; dev without it. */
  readonly profile?: Profile;
  /** Arguments after the target. */
  readonly arguments?: string;
  readonly summary: string;
  readonly variables: readonly string[];
  readonly example: string;
  /** An alias, or for programs. The first screen of help leaves it out. */
  readonly rare?: true;
}

/** The row of a planned goal. A goal that packages says how much. */
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
  /** Only for linux on this machine's architecture. */
  readonly platform?: 'own';
  /** It builds in containers unless the user gives --without-docker. */
  readonly containers?: true;
}

interface ContainerizedRow extends AnyRow {
  readonly kind: 'containerized';
  /** The planned target that runs in the container. */
  readonly as?: string;
}

interface AskedRow extends AnyRow {
  readonly kind: 'query';
}

export type TargetRow = PlannedRow | ContainerizedRow | AskedRow;

/** The artifacts to package: only images (and whether to push or load them), or a whole release. */
export type Packing = 'images' | 'pushed images' | 'loaded images' | 'everything';
