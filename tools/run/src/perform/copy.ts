import type { CopyStep } from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

/** Publishes the files of a step; those with the same bytes are left untouched. */
export async function performCopy(step: CopyStep, { plan, files, signal, freshness }: Performing): Promise<Performed> {
  let copied = 0;
  const recording: (Promise<void> | undefined)[] = [];
  for (const { from, to } of step.files) {
    signal.throwIfAborted();
    const published = freshness?.published(from, to);
    if (published === 'same') continue;
    const doubt = published === 'doubtful' ? 'doubt' : undefined;
    if ((await files.publishFile(pathIn(plan, from), pathIn(plan, to), doubt)) === 'copied') copied += 1;
    recording.push(freshness?.recordPublished(from, to));
  }
  await Promise.all(recording);
  const total = step.files.length;
  const outcome =
    copied === 0
      ? ({
          is: 'fresh',
          why: total === 1 ? 'the bytes are unchanged' : `the bytes of all ${total} are unchanged`,
        } as const)
      : ({ is: 'ran', why: `${copied} of ${total} changed` } as const);
  return { outcome, output: '' };
}
