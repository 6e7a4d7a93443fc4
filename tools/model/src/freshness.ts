import type { ExecStep, GoPart, Step } from './step.ts';

/** What is known of one command of a Go step before Go is asked. */
export interface PartVerdict {
  readonly part: GoPart;
  readonly is: 'fresh' | 'restored' | 'stale';
  readonly why: string;
}

/** A published file holds what its source holds; or holds something else; or somebody wrote to it since. */
export type Published = 'same' | 'other' | 'doubtful';

/** What is known of a step that makes files out of files before it is performed. */
export type FilesVerdict = Omit<PartVerdict, 'part'>;

/** One call of Go, which keeps what it compiled by less than a C compiler reads. */
export interface GoCall {
  /** After the subcommand: by which Go tells what it took from its own cache. */
  readonly flags: readonly string[];
  /** After Go ended well. Undefined: what it made is of what is there now. Else flags for another call. */
  settle(): readonly string[] | undefined;
  /** After the last call, however that ended. */
  end(): void;
}

/** Decides what of a step need not be done, and remembers what was. A run asks it; the freshness package is it. */
export interface Freshness {
  /** Verdicts for all parts; what the store has is back in its place. */
  judge(step: ExecStep): Promise<readonly PartVerdict[]>;
  /**
   * Does `work` while no other process of this machine makes one of these commands, in whatever tree; what another made
   * meanwhile is restored first.
   */
  exclusively<T>(
    step: ExecStep,
    stale: readonly PartVerdict[],
    work: (verdicts: readonly PartVerdict[]) => Promise<T>,
  ): Promise<T>;
  /** How Go is called for these parts, all of which were judged. */
  call(step: ExecStep, parts: readonly GoPart[]): Promise<GoCall>;
  /** After Go made these parts: whether each has other bytes than before. Nothing is kept of a part whose files changed meanwhile. */
  record(
    step: ExecStep,
    made: readonly GoPart[],
  ): Promise<readonly { readonly part: GoPart; readonly changed: boolean }[]>;
  /** After Go gave up: what it left of these parts is its own, and the next Go may go on from there. */
  recordFailure(step: ExecStep, tried: readonly GoPart[]): void;
  /** Verdict for all outputs of a step with `makes` together; what the store has is back in its place. */
  judgeFiles(step: Step): Promise<FilesVerdict>;
  /** After such a step was performed: whether an output has other bytes than before. Nothing is kept when an input changed meanwhile. */
  recordFiles(step: Step): Promise<{ readonly changed: boolean }>;
  /** sha256, hex, of a file that a judged step reads, as that step was judged by it; undefined where it could not be read. */
  digest(path: string): string | undefined;
  /** What is known of the copy `to` of `from`. Relative to the root, or absolute. */
  published(from: string, to: string): Published;
  /** Whether `from` may be one file with its copy, as nothing writes to it before Go is asked for it again. */
  mayShare(from: string): boolean;
  recordPublished(from: string, to: string): Promise<void>;
}
