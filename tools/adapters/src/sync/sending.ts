import type { Environment } from '@slipway/model';
import type { SyncRequest } from './port.ts';

/** What a sender is given. */
export interface Sending extends SyncRequest {
  /** Relative to the root; of directories only themselves. Nothing of another kind is in their way. */
  readonly paths: readonly string[];
  /** With the PATH programs are found on. */
  readonly environment: Environment;
}
