import type { Environment, PinnedTool } from '@slipway/model';

export interface PinnedToolRequest {
  readonly pinnedTool: PinnedTool;
  /** HOME or XDG_CACHE_HOME determines the directory. pip gets the whole environment, for its proxies and index. */
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

/** Programs from Python packages, in slipway's cache, with a directory for each version. */
export interface PinnedTools {
  /** The absolute path of the program, if installed. */
  find(request: PinnedToolRequest): string | undefined;
  /** The command that a user could type, without the hashes. */
  command(request: PinnedToolRequest): string;
  /** Installs it completely or not at all. Throws TOOL_MISSING without Python, COMMAND_FAILED with pip's output. */
  install(request: PinnedToolRequest): Promise<string>;
}
