import * as fc from 'fast-check';

export { fc };

/** The same cases in each run, so that a failure is one again; another number looks elsewhere. */
const seed = Number(process.env['SLIPWAY_TEST_SEED'] ?? 20261128);

/** Fails with the smallest case for which `holds` throws. */
export const always = <T>(cases: fc.Arbitrary<T>, holds: (one: T) => unknown, numRuns = RUNS) =>
  fc.assert(
    fc.asyncProperty(cases, async (one) => void (await holds(one))),
    { seed, numRuns },
  );

const RUNS = Number(process.env['SLIPWAY_TEST_RUNS'] ?? 300);
