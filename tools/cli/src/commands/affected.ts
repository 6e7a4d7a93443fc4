import { FailureError } from '@slipway/model';
import { affectedCommands } from '../affected/affected-commands.ts';
import { affectedImages } from '../affected/affected-images.ts';
import { affectedTests } from '../affected/affected-tests.ts';
import { changedFiles } from '../affected/changed-files.ts';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../world.ts';

/**
 * What depends on a file changed since --base, exactly; nothing is built. The graph is that of the work tree.
 * With --nx: commands as Nx projects in one line; none without one, as `nx run-many -p` without a name would run all.
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
          ? 'affected wants to know since when'
          : `affected lists ${Object.keys(kinds).join(', ')}${line.nx ? ' (--nx: commands)' : ''}, not ${args.join(' ')}`,
      hint: 'slipway affected --base main',
    });
  const { root } = await asking.tree();
  return answerFor(asking.again({ words: [] }), await changedFiles(asking, root, base));
}

const kinds: Readonly<Record<string, (asking: Asking, files: readonly string[]) => Promise<Answer>>> = {
  async commands(asking, files) {
    const touched = await affectedCommands(asking, files);
    const names = [...new Set(touched.map(({ name }) => name))];
    return answer(asking.line.nx && names.length > 0 ? [names.join(',')] : names, {
      files,
      commands: touched.map(({ name, target, platform }) => ({ name, target, platform })),
    });
  },
  async tests(asking, files) {
    const tests = await affectedTests(asking, files);
    return answer(tests, { files, tests });
  },
  async images(asking, files) {
    const images = await affectedImages(asking, files);
    return answer(
      images.map(({ names }) => names[0]!),
      { files, images },
    );
  },
};
