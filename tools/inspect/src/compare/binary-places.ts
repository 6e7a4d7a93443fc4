import { join } from 'node:path';
import { type Stash, acquireLock, hasStash, restoreStash } from '@slipway/adapters';
import { type OutputNames, absolute } from '@slipway/plan';

/** The places of a tree's binaries, and the directory where `compare` keeps them. All absolute. */
export interface BinaryPlaces {
  /** The published binaries, which are compared. */
  readonly published: string;
  /** Go's own outputs. With them, make and scripts believe that everything is built. */
  readonly go: string;
  readonly hostLink: string;
  /** Kept for inspection: `slipway/bin`, `make/bin`. */
  readonly compare: string;
}

export function binaryPlaces(root: string, names: OutputNames): BinaryPlaces {
  return {
    published: absolute(root, join(names.local, 'bin')),
    go: absolute(root, join(names.gopath, 'bin')),
    hostLink: absolute(root, names.hostLink),
    compare: absolute(root, names.compare),
  };
}

/** The places that are stashed during a comparison. */
export const stashOf = ({ published, go, hostLink, compare }: BinaryPlaces): Stash => ({
  directory: join(compare, 'aside'),
  places: { published, go, hostLink },
});

/**
 * Restores the binaries that a killed comparison stashed; returns whether there were any. Waits for a comparison that
 * is still running. Without a stash it costs a single lstat, so that every run can begin with it.
 */
export async function restoreBinaries(
  places: BinaryPlaces,
  waiting: { readonly onWait: () => void },
  signal?: AbortSignal,
): Promise<boolean> {
  if (!(await hasStash(stashOf(places)))) return false;
  await using _lock = await lockComparison(places, waiting, signal);
  return restoreStash(stashOf(places));
}

/** One comparison at a time in a tree. */
export const lockComparison = (
  places: BinaryPlaces,
  waiting: { readonly onWait: () => void },
  signal?: AbortSignal,
): Promise<AsyncDisposable> => acquireLock(join(places.compare, '.lock'), waiting, signal);
