import type { Memo } from '@slipway/adapters';
import type { Action, EmitEvent, Environment, Freshness, GoToolchain, Places, Step } from '@slipway/model';
import type { GraphStore } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { NativeReader } from '../native/port.ts';
import type { Store } from '../store/port.ts';
import type { ImageTools } from './key.ts';
import type { OutputStates } from './state.ts';

/** A run's queries about actions, answered by keys, graphs and a store. */
export interface UpToDateCheck extends Freshness {
  /** Saves the new knowledge. */
  save(): Promise<void>;
  /** Reports whether every action that was looked up has a key now. Without keys, a no-op check would prove nothing. */
  allKnown(): boolean;
  /** The names that earlier runs of a step read, one set for each run: `file pkg/x`, `names pkg`. */
  observed(step: Step): Promise<readonly (readonly string[])[]>;
  /** Absolute path of the result of an action that has one. */
  resultFile(action: Action): string;
}

export interface CheckOptions {
  readonly root: string;
  readonly places: Places;
  readonly toolchain: GoToolchain;
  /** The environment of every program on this machine. */
  readonly environment: Environment;
  readonly graphs: GraphStore;
  readonly native: NativeReader;
  /** Gets the progress of Go. */
  readonly emit?: EmitEvent | undefined;
  /** Which content Go's cache has for packages with C, by Go's ids; and all durations. */
  readonly compiled: Memo;
  readonly index: ContentIndex;
  readonly states: OutputStates;
  /** Undefined: restore and keep nothing. */
  readonly store: Store | undefined;
  /** The scope of this run's results, if not only this machine makes them. */
  readonly scope?: string | undefined;
  readonly signal: AbortSignal;
  /** Everything is stale, as with make -B. */
  readonly always: boolean;
  /** The tools of an image with the C compiler at this path; undefined while the image is unknown. */
  imageTools?(image: string, path: string): ImageTools | undefined;
}
