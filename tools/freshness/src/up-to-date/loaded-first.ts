import type { Action, RunActions } from '@slipway/model';
import type { Identity } from './identity.ts';

/**
 * `go build` builds nothing in a call with a package that it cannot load. Such packages get a separate call after the
 * rest, and the first failure is the failure of all. `go test` reports each package itself.
 */
export function loadedFirst(run: RunActions, identities: readonly Identity[]): RunActions {
  const unloaded = new Set<Action>(
    identities.flatMap(({ action, closure }) => (closure?.problem === undefined || action.hasResult ? [] : [action])),
  );
  return async (actions, flags, take) => {
    const [last, first] = [true, false].map((is) => actions.filter((action) => unloaded.has(action) === is));
    if (first!.length === 0 || last!.length === 0) return run(actions, flags, take);
    const one = await run(first!, flags, take);
    const other = await run(last!, flags, take);
    return {
      ...one,
      output: one.output + other.output,
      passed: [...one.passed, ...other.passed],
      failure: one.failure ?? other.failure,
    };
  };
}
