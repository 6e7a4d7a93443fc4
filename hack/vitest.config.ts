import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { timeouts } from '@slipway/testing/timeouts';

/** For all packages; Nx says with --dir whose tests run (tools/nx-plugin/src/targets.ts). */
export default defineConfig({
  test: {
    // Nx knows what is stale; several of these run at once and must share nothing.
    cache: false,
    // Files of one package, too, run at once, on every core: vitest leaves one free, and with two cores that is half the machine.
    maxWorkers: availableParallelism(),
    testTimeout: timeouts.test,
    hookTimeout: timeouts.test,
    teardownTimeout: timeouts.event,
    expect: { poll: { timeout: timeouts.event } },
    exclude: ['**/node_modules/**', '**/fixtures/**'],
  },
});
