import type { PublishedSet } from '../published-set.ts';

/** One way to spoil a set. */
export interface HostileSet {
  make(set: PublishedSet): void;
  /** What `release verify` says of it; undefined where all is as it says, and only what it holds is hostile. */
  readonly says: string | undefined;
}

export type HostileSets = Readonly<Record<string, HostileSet>>;
