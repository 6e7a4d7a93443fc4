import { join } from 'node:path';
import { type Stash, acquireLock, hasStash, restoreStash } from '@slipway/adapters';
import { type OutputNames, absolute } from '@slipway/plan';

/** The binaries of a tree: where they are, and where `compare` keeps them meanwhile. All absolute. */
export interface BinaryPlaces {
  /** What users see; what is compared. */
  readonly published: string;
  /** Go's own targets; they make Go, and scripts that ask it, believe everything is done. */
  readonly go: string;
  readonly hostLink: string;
  /** Stays for inspection: `slipway/bin`, `make/bin`. */
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

/** What is stashed while two builds are compared. */
export const stashOf = ({ published, go, hostLink, compare }: BinaryPlaces): Stash => ({
  directory: join(compare, 'aside'),
  places: { published, go, hostLink },
});

/**
 * Puts back what a comparison that was killed had stashed; true when there was something. Waits for a comparison
 * that is still running. Without one it costs a single lstat, so every run in the tree can begin with it.
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
