import type { Environment, PinnedWheel } from '@slipway/model';

export interface WheelRequest {
  readonly wheel: PinnedWheel;
  /** HOME or XDG_CACHE_HOME says where; an installation hands it to pip as it is, for its proxies and index. */
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

/** Programs that are shipped as Python packages, kept in our own cache beside each other, a directory for each version. */
export interface Wheels {
  /** The absolute path of the program, if it was installed. */
  find(request: WheelRequest): string | undefined;
  /** What a person would type for it, all but the hashes. */
  command(request: WheelRequest): string;
  /** Installs it whole or not at all. Throws TOOL_MISSING without Python, COMMAND_FAILED with what pip said. */
  install(request: WheelRequest): Promise<string>;
}
