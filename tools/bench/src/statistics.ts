/** One run of one side. */
export interface Sample {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of CPU, user and system, of the process and of all processes that it waited for. */
  readonly cpu: number;
  /** Peak memory of the largest process in bytes; undefined if nothing measures it. */
  readonly memory: number | undefined;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return {
    median: (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2,
    least: sorted[0]!,
    most: sorted.at(-1)!,
  };
}

/** Runs in turn, A B A B …; the other side is empty if there is none. */
export interface Series {
  readonly slipway: readonly Sample[];
  readonly byHand: readonly Sample[];
}

/** Each run is compared with the one beside it, so a machine that becomes slower does not distort the result. */
export interface Comparison {
  readonly cpuRatio: Spread;
  readonly wallRatio: Spread;
  /** Seconds that slipway took longer. */
  readonly wallDifference: Spread;
}

export function compareSeries({ slipway, byHand }: Series): Comparison | undefined {
  if (byHand.length === 0) return undefined;
  const pairs = byHand.map((other, index) => [slipway[index]!, other] as const);
  return {
    cpuRatio: spreadOf(pairs.map(([ours, other]) => ours.cpu / other.cpu)),
    wallRatio: spreadOf(pairs.map(([ours, other]) => ours.wall / other.wall)),
    wallDifference: spreadOf(pairs.map(([ours, other]) => ours.wall - other.wall)),
  };
}

/** The promises of README.md. A missing limit is not promised. */
export interface Promised {
  readonly cpuRatio?: number;
  readonly wallDifference?: number;
  readonly wall?: number;
  readonly wallRatio?: number;
  /** Bytes at the peak; kept if nothing measures it. */
  readonly memory?: number;
}

/** By the medians. */
export function isKept(promised: Promised, series: Series): boolean {
  const compared = compareSeries(series);
  const within = (value: number | undefined, limit: number | undefined): boolean =>
    limit === undefined || (value !== undefined && value <= limit);
  return (
    within(compared?.cpuRatio.median, promised.cpuRatio) &&
    within(compared?.wallDifference.median, promised.wallDifference) &&
    within(compared?.wallRatio.median, promised.wallRatio) &&
    within(spreadOf(series.slipway.map((sample) => sample.wall)).median, promised.wall) &&
    within(spreadOf(series.slipway.map((sample) => sample.memory ?? 0)).median, promised.memory)
  );
}
