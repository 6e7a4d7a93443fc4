import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Side, binariesOf } from './sides.ts';
import type { Plan } from '@slipway/model';

/** Binaries of the calls by hand that slipway did not make, or made differently. */
export function differingBinaries(slipway: Side, byHand: Side & { readonly plan: Plan }): string[] {
  const names = binariesOf(byHand.plan).map((path) => relative(byHand.output, path));
  return names.filter((name) => {
    const [ours, theirs] = [join(slipway.output, name), join(byHand.output, name)];
    return !existsSync(ours) || !existsSync(theirs) || !readFileSync(ours).equals(readFileSync(theirs));
  });
}
