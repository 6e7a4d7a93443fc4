import type { PublishedSet } from '../published-set.ts';

/** One way to spoil a set. */
export interface HostileSet {
  make(set: PublishedSet): void;
  /** The message of `release verify`; undefined if the set is consistent, and only its contents are hostile. */
  readonly says: string | undefined;
}

export type HostileSets = Readonly<Record<string, HostileSet>>;
