const MINUTE = 60_000;

/**
 * How long tests wait before they say that something hangs, in milliseconds. It is said here and nowhere else: none of it
 * measures speed, so it is far more than anything takes on a machine that is ten times as slow as two idle cores.
 */
export const timeouts = {
  /** A whole test, or a hook. */
  test: 30 * MINUTE,
  /** One round of a test that has as many as it is told. */
  round: 3 * MINUTE,
  /** A process a test has started. */
  process: 25 * MINUTE,
  /** Something a test waits for: a server that listens, a file that appears. */
  event: 10 * MINUTE,
  /** `SLIPWAY_REMOTE_CACHE_PATIENCE` of tests whose cache server is well: a busy machine makes no slow server. */
  cacheServer: String(5 * MINUTE),
} as const;
