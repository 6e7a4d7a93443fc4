import type { Action, RunActions } from '@slipway/model';
import type { Identity } from './identity.ts';

/**
 * `go build` builds nothing in a call that names what it cannot load: that is asked for after the rest, and the first failure is that of
 * all. `go test` tells each by itself.
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
