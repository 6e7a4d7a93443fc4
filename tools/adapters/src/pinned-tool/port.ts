import type { Environment, PinnedTool } from '@slipway/model';

export interface PinnedToolRequest {
  readonly pinnedTool: PinnedTool;
  /** HOME or XDG_CACHE_HOME says where; an installation hands it to pip as it is, for its proxies and index. */
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

/** Programs that are shipped as Python packages, kept in our own cache beside each other, a directory for each version. */
export interface PinnedTools {
  /** The absolute path of the program, if it was installed. */
  find(request: PinnedToolRequest): string | undefined;
  /** What a person would type for it, all but the hashes. */
  command(request: PinnedToolRequest): string;
  /** Installs it whole or not at all. Throws TOOL_MISSING without Python, COMMAND_FAILED with what pip said. */
  install(request: PinnedToolRequest): Promise<string>;
}
