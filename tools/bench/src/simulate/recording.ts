/** What was measured of a real build, and is replayed: no names of packages, as a thousand of them tell nothing. */
export interface Recording {
  readonly what: string;
  readonly packages: readonly RecordedPackage[];
  readonly commands: readonly RecordedCommand[];
}

/** CPU milliseconds to compile it; bytes of its object; bytes and number of its sources, none of Go's own library; whom it imports. */
export type RecordedPackage = readonly [
  cpu: number,
  object: number,
  sources: number,
  files: number,
  imports: readonly number[],
];

export interface RecordedCommand {
  readonly name: string;
  /** Of its own package. */
  readonly main: number;
  /** CPU milliseconds of its linker. */
  readonly link: number;
  readonly bytes: number;
}

/** All packages a command is made of, itself among them. */
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
