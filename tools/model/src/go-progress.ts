/** How far a call of Go is. Packages are those of the tree and its modules; Go's own library is not among them. */
export interface GoProgress {
  /** Done, whether they were compiled or Go had them; never less than before. */
  readonly packages: HowMany;
  /** Of those done, what Go took from its cache. */
  readonly kept: number;
  /** Packages of Go's own library that were compiled: how many there will be Go does not say. */
  readonly library: number;
  readonly links: HowMany;
  /** What is compiled or linked now, as far as Go says it: import paths. */
  readonly current: readonly string[];
  /** Milliseconds until the call ends, from what the same work took before; undefined where nothing is known of it. */
  readonly left: number | undefined;
}

export interface HowMany {
  readonly done: number;
  readonly total: number;
}

/** One thing Go ran a program for. Times are of the same clock as those of events. */
export interface GoSpan {
  readonly name: string;
  readonly is: 'compile' | 'link';
  readonly from: number;
  readonly to: number;
  /** One of those that each waited for the one before, up to what ended last. */
  readonly critical?: true;
}
