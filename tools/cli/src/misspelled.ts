import { findVariable, nearest, variables } from '@slipway/catalog';
import type { Environment } from '@slipway/model';

/** Maximum number of wrong letters. */
const MOST = 2;

/** Unknown environment variables that differ by one or two letters from a variable that slipway reads. */
export const misspelled = (environment: Environment): string[] =>
  Object.keys(environment)
    .filter((name) => /^(?:KUBE|SLIPWAY)_/.test(name) && findVariable(name) === undefined)
    .flatMap((name) => {
      const near = nearest(
        name,
        variables.map((row) => row.name).filter((known) => Math.abs(known.length - name.length) <= MOST),
        MOST,
      );
      return near === undefined ? [] : [`note      nothing reads ${name} of your environment; did you mean ${near}?`];
    });
