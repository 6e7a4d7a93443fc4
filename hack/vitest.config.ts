import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { patience } from '@slipway/testing/patience';

/** For all packages; Nx says with --dir whose tests run (tools/nx-plugin/src/targets.ts). */
export default defineConfig({
  test: {
    // Nx knows what is stale; several of these run at once and must share nothing.
    cache: false,
    // Files of one package, too, run at once, on every core: vitest leaves one free, and with two cores that is half the machine.
    maxWorkers: availableParallelism(),
    testTimeout: patience.test,
    hookTimeout: patience.test,
    teardownTimeout: patience.event,
    expect: { poll: { timeout: patience.event } },
    exclude: ['**/node_modules/**', '**/fixtures/**'],
  },
});
