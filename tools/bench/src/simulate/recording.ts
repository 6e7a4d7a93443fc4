/**
 * The measurements of a real build, for the simulation. Packages have no names, because a thousand names explain
 * nothing.
 */
export interface Recording {
  readonly what: string;
  readonly packages: readonly RecordedPackage[];
  readonly commands: readonly RecordedCommand[];
}

/**
 * CPU milliseconds of its compilation; bytes of its object; bytes and number of its sources, 0 for Go's own library;
 * its imports.
 */
export type RecordedPackage = readonly [
  cpu: number,
  object: number,
  sources: number,
  files: number,
  imports: readonly number[],
];

export interface RecordedCommand {
  readonly name: string;
  /** The number of its package. */
  readonly main: number;
  /** CPU milliseconds of its linker. */
  readonly link: number;
  readonly bytes: number;
}

/** All packages of a command, including its own. */
export function closureOf({ packages }: Recording, main: number): number[] {
  const seen = new Set<number>([main]);
  for (const each of seen) for (const imported of packages[each]![4]) seen.add(imported);
  return [...seen];
}

/** Milliseconds of the longest chain of imports: no number of cores makes a cold build shorter. */
export function longestChain({ packages }: Recording, main: number): number {
  const known = new Map<number, number>();
  const longest = (at: number): number => {
    const present = known.get(at);
    if (present !== undefined) return present;
    known.set(at, 0);
    const [cpu, , , , imports] = packages[at]!;
    const length = cpu + imports.reduce((most, each) => Math.max(most, longest(each)), 0);
    known.set(at, length);
    return length;
  };
  return longest(main);
}
