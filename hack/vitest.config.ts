import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { timeouts } from '@slipway/testing/timeouts';

/** For all packages; Nx chooses the tests with --dir (tools/nx-plugin/src/targets.ts). */
export default defineConfig({
  test: {
    // Nx knows which tests are stale. Several of these processes run at once, so they share nothing.
    cache: false,
    // Files of one package also run at once, on every core: vitest would leave one free, and with two cores that is
    // half the machine.
    maxWorkers: availableParallelism(),
    testTimeout: timeouts.test,
    hookTimeout: timeouts.test,
    teardownTimeout: timeouts.event,
    expect: { poll: { timeout: timeouts.event } },
    exclude: ['**/node_modules/**', '**/fixtures/**'],
  },
});
