/** The progress of a call of Go. Packages are those of the tree and its modules, without Go's own library. */
export interface GoProgress {
  /** Finished packages, compiled or cached; never decreases. */
  readonly packages: HowMany;
  /** Finished packages that Go took from its cache. */
  readonly kept: number;
  /** Compiled packages of Go's own library. Go does not tell their total. */
  readonly library: number;
  readonly links: HowMany;
  /** Import paths that are being compiled or linked, as far as Go reports them. */
  readonly current: readonly string[];
  /** Estimated milliseconds until the call ends, from earlier runs; undefined without data. */
  readonly left: number | undefined;
}

export interface HowMany {
  readonly done: number;
  readonly total: number;
}

/** One program run of Go. Times use the clock of events. */
export interface GoSpan {
  readonly name: string;
  readonly is: 'compile' | 'link';
  readonly from: number;
  readonly to: number;
  /** Part of the critical path: the chain of spans that ends with the last one. */
  readonly critical?: true;
}
