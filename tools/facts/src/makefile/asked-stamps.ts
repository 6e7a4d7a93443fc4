import type { PlanNote, StampFlag } from '@slipway/model';
import { type GoBuild, linkerWords } from './builds.ts';

const unknown = 'SLIPWAY-UNKNOWN';

interface AskedStamps {
  readonly stamps: readonly StampFlag[];
  readonly notes: readonly PlanNote[];
}

/**
 * The variables that calls set in two imaginary repositories. A value that is the same in both is text. Slipway asks
 * again for the others at build time.
 */
export function askedStamps([one, other]: readonly (readonly GoBuild[])[], from: string): AskedStamps {
  const [values, others] = [valuesOf(one ?? []), valuesOf(other ?? [])];
  const stamps: StampFlag[] = [];
  const notes: PlanNote[] = [];
  for (const [variable, found] of values) {
    const why = refusal(variable, found, others.get(variable));
    const [value] = [...found];
    if (why !== undefined) notes.push({ what: variable, why: `not stamped: ${from} ${why}` });
    else if (others.get(variable)!.has(value!)) {
      if (value !== '') stamps.push({ name: 'text', flag: `-X '${variable}=${value}'` });
    } else stamps.push({ name: 'asked', flag: `-X '${variable}=@asked:${variable}@'` });
  }
  return { stamps, notes };
}

function refusal(
  variable: string,
  values: ReadonlySet<string>,
  others: ReadonlySet<string> | undefined,
): string | undefined {
  if (!/^[\w./~-]+$/.test(variable)) return 'sets it, which is no name of a variable';
  if (values.size > 1 || others?.size !== 1) return 'sets it to several values';
  const [value = '', other = ''] = [...values, ...others];
  if (value.includes(unknown)) return 'sets it to something only go list knows';
  return [value, other].some((text) => /['"\n@]/.test(text))
    ? 'sets it to a text that Go flags cannot hold'
    : undefined;
}

/** By name, with all values. */
export function valuesOf(builds: readonly GoBuild[]): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const { flags } of builds)
    for (const [variable, value] of Object.entries(linkerWords(flags).variables))
      values.set(variable, (values.get(variable) ?? new Set()).add(value));
  return values;
}
