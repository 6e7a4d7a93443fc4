import { FailureError } from '@slipway/model';
import { touchedCommands } from '../affected/affected-commands.ts';
import { affectedImages } from '../affected/affected-images.ts';
import { affectedTests } from '../affected/affected-tests.ts';
import { type GitChanges, changedFiles } from '../affected/changed-files.ts';
import { type MadeOf, unseenOf } from '../affected/unseen.ts';
import { readCommands, settingsOf } from '../command-inputs.ts';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/**
 * Prints exactly what depends on the files changed since --base, by the graph of the work tree. It builds nothing. With
 * --nx: commands as Nx projects in one line. Without any it prints no empty name, because `nx run-many -p` without a
 * name would run all projects.
 */
export async function affected(asking: Asking): Promise<Answer> {
  const { args, line } = asking;
  const [kind = 'commands', ...more] = args;
  const answerFor = kinds[kind];
  const { base } = line;
  if (base === undefined || answerFor === undefined || more.length > 0 || (line.nx && kind !== 'commands'))
    throw new FailureError({
      code: 'BAD_USAGE',
      fact:
        base === undefined
          ? 'affected needs a base'
          : `affected lists ${Object.keys(kinds).join(', ')}${line.nx ? ' (--nx: commands)' : ''}, not ${args.join(' ')}`,
      hint: 'slipway affected --base main',
    });
  const { root } = await asking.tree();
  return answerFor(asking.again({ words: [] }), await changedFiles(asking, root, base));
}

/** Prints inputs that git does not track. A caller that decides by git's changes needs this list. */
function tellUnseen({ services }: Asking, made: readonly MadeOf[], git: GitChanges): string[] {
  const unseen = unseenOf(made, git);
  for (const { name, by } of unseen.slice(0, MOST_TOLD))
    services.progress(
      `git does not see a change of ${name}, of which ${by.join(', ')} ${by.length === 1 ? 'is' : 'are'} made`,
    );
  if (unseen.length > MOST_TOLD) services.progress(`git does not see ${unseen.length - MOST_TOLD} more such files`);
  return unseen.map(({ name }) => name);
}

const MOST_TOLD = 10;

const kinds: Readonly<Record<string, (asking: Asking, git: GitChanges) => Promise<Answer>>> = {
  async commands(asking, git) {
    const { tree, commands } = await readCommands(asking);
    const unseen = tellUnseen(asking, commands, git);
    const inputs = commands.map((each) => each.inputs);
    const touched = touchedCommands(
      { commands: inputs, settings: settingsOf(tree, asking.services.disk) },
      git.changes,
    );
    const names = [...new Set(touched.map(({ name }) => name))];
    return answer(asking.line.nx && names.length > 0 ? [names.join(',')] : names, {
      files: filesOf(git),
      unseen,
      commands: touched.map(({ name, target, platform }) => ({ name, target, platform })),
    });
  },
  async tests(asking, git) {
    const { tests, read } = await affectedTests(asking, git.changes);
    const unseen = tellUnseen(asking, [{ name: 'a test', read }], git);
    return answer(tests, { files: filesOf(git), unseen, tests });
  },
  async images(asking, git) {
    const { images, commands } = await affectedImages(asking, git.changes);
    const unseen = tellUnseen(asking, commands, git);
    return answer(
      images.map(({ names }) => names[0]!),
      { files: filesOf(git), unseen, images },
    );
  },
};

const filesOf = ({ changes }: GitChanges): string[] => [...changes.files, ...changes.below];
