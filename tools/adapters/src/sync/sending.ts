import type { Environment } from '@slipway/model';
import type { SyncRequest } from './port.ts';

/** The input of a sender. */
export interface Sending extends SyncRequest {
  /** Relative to the root. A directory is sent without its content. No entry of another kind is in the way. */
  readonly paths: readonly string[];
  /** Programs are found by its PATH. */
  readonly environment: Environment;
}
