import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plan } from '@slipway/model';
import { type Side, inTree } from './sides.ts';

/** Binaries of the calls by hand that slipway did not publish, or published with other bytes. */
export function differingBinaries(slipway: Side, byHand: Side & { readonly plan: Plan }): string[] {
  const published = byHand.plan.steps.flatMap((step) => (step.kind === 'copy' ? step.files : []));
  return published.flatMap(({ from, to }) => {
    const name = relative(byHand.output, inTree(byHand.plan, to));
    const [ours, theirs] = [join(slipway.output, name), inTree(byHand.plan, from)];
    return existsSync(ours) && existsSync(theirs) && readFileSync(ours).equals(readFileSync(theirs)) ? [] : [name];
  });
}
