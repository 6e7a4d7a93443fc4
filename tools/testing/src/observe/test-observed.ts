import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Event, Outcome } from '@slipway/model';
import { expectDone } from '../expect-failure.ts';
import { unless, whyWithout } from '../machine-programs.ts';
import { Repo } from '../repo-rig.ts';
import { type ObservedBuild, makeObserved, observe, observedEnvironment } from './observe.ts';

/** The reason why nothing can be observed here; undefined if it can. */
export const whyNotObserved =
  process.platform === 'linux' ? whyWithout('strace', 'gcc') : 'strace is a program of Linux';

/** A test of each build: everything it reads is in its key, or it is never taken for known. */
export function testObserved(what: string, builds: readonly ObservedBuild[]): void {
  describe(`the files that Go reads are in its keys: ${what}`, unless(whyNotObserved), () => {
    for (const build of builds)
      test(`${build.name}`, unless(whyWithout(...(build.needs ?? []))), async () => {
        await using tree = new Repo('empty');
        makeObserved(tree, build);
        await (build.never === undefined ? expectNamed(tree, build) : expectNeverKnown(tree, build, build.never));
      });
  });
}

/** Everything that is read is in the key; and as nothing changed since, both ways of looking say so. */
export async function expectNamed(tree: Repo, build: Pick<ObservedBuild, 'args' | 'env' | 'stays'>): Promise<void> {
  const { ended, unnamed, absent } = await observe(tree, build);
  expectDone(ended);
  const stays = ({ path }: { path: RegExp }, line: string): boolean => path.test(line);
  const wrong = (lines: readonly string[]): string[] =>
    lines.filter((line) => !(build.stays ?? []).some((row) => stays(row, line)));
  expect({ read: wrong(unnamed), absent: wrong(absent) }).toEqual({ read: [], absent: [] });
  expect(await statuses(tree, build)).not.toContainEqual(expect.objectContaining({ is: 'ran' }));
  const { args = ['all'] } = build;
  expect((await run(tree, build, args)).stdout).toContain('nothing changed');
}

/** Built by Go each time: never fresh, never recorded as a whole run, never taken from where it was kept. */
async function expectNeverKnown(tree: Repo, build: ObservedBuild, why: RegExp): Promise<void> {
  const { args = ['all'] } = build;
  expectDone(await run(tree, build, args));
  const again = { is: 'ran', why: expect.stringMatching(why) as string };
  expect(await statuses(tree, build)).toEqual([expect.objectContaining(again)]);
  expect((await run(tree, build, args)).stdout).not.toContain('nothing changed');
  rmSync(tree.path('_output'), { recursive: true });
  expect(await statuses(tree, build)).toEqual([expect.objectContaining(again)]);
}

const run = (tree: Repo, { env }: Pick<ObservedBuild, 'env'>, args: readonly string[]) =>
  tree.slipway(
    args.map((word) => word.replaceAll('@W@', tree.dir)),
    { env: observedEnvironment(tree, env) },
  );

type ToldStatus = Pick<Outcome, 'is' | 'why'>;

/** The outcomes of the commands, after one more run. */
async function statuses(tree: Repo, build: Pick<ObservedBuild, 'args' | 'env'>): Promise<ToldStatus[]> {
  const ended = await run(tree, build, ['--json', ...(build.args ?? ['all'])]);
  const events = ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  return events.flatMap((event): readonly ToldStatus[] =>
    event.kind === 'step-finished' && event.step.kind === 'exec' ? (event.outcome.parts ?? [event.outcome]) : [],
  );
}
