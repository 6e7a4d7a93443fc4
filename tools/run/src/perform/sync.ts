import type { CopyOutStep, ListStep, Outcome, SyncStep } from '@slipway/model';
import { whenNeeded } from './containers.ts';
import { meterFor } from './meter.ts';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

export const performList = (step: ListStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ sync }) => {
    await sync.list({ ...placesOf(step, performing), exclude: step.exclude });
    return { is: 'ran', why: 'slipway cannot tell what changed here' };
  });

export const performSync = (step: SyncStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ sync }) => {
    const { sent, deleted, instead, why } = await sync.syncIn({
      ...{ ...step, ...placesOf(step, performing) },
      meter: meterFor(step, performing),
    });
    if (sent + deleted === 0)
      return { is: 'fresh', why: `nothing to send${why === undefined ? '' : `, although ${why}`}` };
    const by = instead === undefined ? '' : ` ${instead}`;
    const what = [sent > 0 ? `sent ${sent}${by}` : '', deleted > 0 ? `removed ${deleted}` : ''].filter(
      (each) => each !== '',
    );
    return { is: 'ran', why: `${what.join(', ')}: ${why ?? 'they changed here'}` };
  });

const placesOf = ({ from, manifest }: ListStep | SyncStep, { plan, signal }: Performing) => ({
  root: from === '' ? plan.root : pathIn(plan, from),
  manifest: pathIn(plan, manifest),
  signal,
});

export const performCopyOut = (step: CopyOutStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ sync }): Promise<Outcome> => {
    const { plan, signal } = performing;
    const paths = await sync.copyOut({ ...step, root: plan.root, manifest: pathIn(plan, step.manifest), signal });
    if (paths.length === 0) return { is: 'fresh', why: 'nothing that is copied out was made or changed' };
    const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
    return { is: 'ran', why: `${paths.slice(0, 3).join(', ')}${more}` };
  });
