import { defineConfig } from 'vitest/config';

/** For all packages; Nx says with --dir whose tests run (tools/nx-plugin/src/targets.ts). */
export default defineConfig({
  test: {
    // Nx knows what is stale; several of these run at once and must share nothing.
    cache: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    exclude: ['**/node_modules/**', '**/fixtures/**'],
  },
});
