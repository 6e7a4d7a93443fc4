import type { Memo } from '@slipway/adapters';
import type { Action, EmitEvent, Environment, Freshness, GoToolchain, Places, Step } from '@slipway/model';
import type { GraphStore } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { NativeReader } from '../native/port.ts';
import type { Store } from '../store/port.ts';
import type { ImageTools } from './key.ts';
import type { OutputStates } from './state.ts';

/** What a run asks of actions, by keys, graphs and a store. */
export interface UpToDateCheck extends Freshness {
  /** Writes what was learned. */
  save(): Promise<void>;
  /**
   * Whether every action that was looked up has a key now. What cannot be named, and what changed while it was read, has none: that
   * nothing changed since then says nothing.
   */
  allKnown(): boolean;
  /** Names of what earlier runs of a step were observed to read, a set for each: `file pkg/x`, `names pkg`. */
  observed(step: Step): Promise<readonly (readonly string[])[]>;
  /** Where the result of an action that has one is, absolute. */
  resultFile(action: Action): string;
}

export interface CheckOptions {
  readonly root: string;
  readonly places: Places;
  readonly toolchain: GoToolchain;
  /** Inherited by every program on this machine. */
  readonly environment: Environment;
  readonly graphs: GraphStore;
  readonly native: NativeReader;
  /** Told how far Go is. */
  readonly emit?: EmitEvent | undefined;
  /** What Go's cache has of packages with C, by the ids Go gives them; and how long everything took. */
  readonly compiled: Memo;
  readonly index: ContentIndex;
  readonly states: OutputStates;
  /** Undefined: nothing is restored and nothing kept. */
  readonly store: Store | undefined;
  /** Of what is made in this run, where it is not made here alone. */
  readonly scope?: string | undefined;
  readonly signal: AbortSignal;
  /** Everything is stale, as with make -B. */
  readonly always: boolean;
  /** Of an image with the C compiler at this path; undefined while the image is not known. */
  imageTools?(image: string, path: string): ImageTools | undefined;
}
