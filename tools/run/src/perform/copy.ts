import type { CopyStep } from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

/** Cached files are copied at processor speed. More parallel copies would be slower on a hard disk. */
const AT_ONCE = 2;

/** Without other knowledge, slipway trusts sizes and times. */
const BELIEVED = { is: 'believed', mayShare: false } as const;

/** Publishes the files of a step. Identical files are not touched. */
export async function performCopy(step: CopyStep, { plan, files, signal, freshness }: Performing): Promise<Performed> {
  let copied = 0;
  const waiting = [...step.files];
  const recording: (Promise<void> | undefined)[] = [];
  const publishNext = async (): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) return;
    signal.throwIfAborted();
    const { is: present, mayShare: share } = freshness?.published(next.from, next.to) ?? BELIEVED;
    if (present !== 'same') {
      const [from, to] = [pathIn(plan, next.from), pathIn(plan, next.to)];
      if ((await files.publishFile(from, to, { present, share })) === 'copied') copied += 1;
      recording.push(freshness?.recordPublished(next.from, next.to));
    }
    await publishNext();
  };
  const lanes = Array.from({ length: AT_ONCE }, () =>
    publishNext().catch((error: unknown) => {
      waiting.length = 0;
      throw error;
    }),
  );
  // Waits for all copies, also after a failure, so that nothing is written after the step ended.
  await Promise.allSettled(lanes);
  await Promise.all([...lanes, ...recording]);
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
