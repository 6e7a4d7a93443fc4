/** A block of code and its counter: https://pkg.go.dev/golang.org/x/tools/cover#ProfileBlock */
export interface CoveredBlock {
  /** `example.org/m/pkg/a.go`. */
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly statements: number;
  readonly count: number;
}

export interface Coverage {
  /** set, count or atomic. */
  readonly mode: string;
  /** Sorted by file and position, each once. */
  readonly blocks: ReadonlyMap<string, CoveredBlock>;
}

/** `example.org/m/pkg/a.go:3.13,5.2 1 4` */
const LINE = /^((.+):(\d+)\.\d+,(\d+)\.\d+ (\d+)) (\d+)$/;

/** Merges profiles of several test binaries. The counters of a block are added. */
export function mergeProfiles(texts: readonly string[]): Coverage {
  const blocks = new Map<string, CoveredBlock>();
  let mode = 'set';
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    if (line.startsWith('mode: ')) mode = line.slice('mode: '.length);
    const [, place, file, from, to, statements, count] = LINE.exec(line) ?? [];
    if (place === undefined) continue;
    const before = blocks.get(place)?.count ?? 0;
    const now = mode === 'set' ? Math.max(before, Number(count)) : before + Number(count);
    blocks.set(place, {
      ...{ file: file!, from: Number(from), to: Number(to), statements: Number(statements), count: now },
    });
  }
  return { mode, blocks };
}

/** The format of `go test -coverprofile`, for `go tool cover`. */
export const formatProfile = ({ mode, blocks }: Coverage): string =>
  `mode: ${mode}\n${[...blocks].map(([place, { count }]) => `${place} ${count}\n`).join('')}`;

/** The number of covered statements and of all statements. */
export function coveredStatements(blocks: Iterable<CoveredBlock>): { readonly covered: number; readonly all: number } {
  let [covered, all] = [0, 0];
  for (const { statements, count } of blocks) {
    all += statements;
    if (count > 0) covered += statements;
  }
  return { covered, all };
}

/** `52.1% of 1234 statements`. */
export function formatTotal({ blocks }: Coverage): string {
  const { covered, all } = coveredStatements(blocks.values());
  return `${all === 0 ? '0.0' : ((covered / all) * 100).toFixed(1)}% of ${all} statements`;
}
