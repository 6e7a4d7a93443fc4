import { areTouched } from '@slipway/freshness';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { readInputs } from '../command-inputs.ts';
import type { Asking } from '../world.ts';

/**
 * The commands that depend on a file changed since --base, exactly; nothing is built. The graph is that of the work tree.
 * With --nx: their Nx projects in one line; none without one, as `nx run-many -p` without a name would run all.
 */
export async function affected(asking: Asking): Promise<Answer> {
  const { base, nx } = asking.line;
  if (base === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'affected wants to know since when',
      hint: 'slipway affected --base main',
    });
  const { commands, settings } = await readInputs(asking.again({ words: [] }));
  const { root } = await asking.tree();
  const files = await changedFiles(asking, root, base);
  const all = files.some((file) => settings.includes(file));
  const touched = commands.filter((each) => all || each.problem !== undefined || areTouched(each, files));
  const names = [...new Set(touched.map(({ name }) => name))];
  return answer(nx && names.length > 0 ? [names.join(',')] : names, {
    files,
    commands: touched.map(({ name, target, platform }) => ({ name, target, platform })),
  });
}

/** Relative to the root: what differs from the merge base, in commits (up to --head) or in the work tree, and what git does not know. */
async function changedFiles({ line, world }: Asking, root: string, base: string): Promise<string[]> {
  const git = async (...args: string[]): Promise<string[]> => {
    const result = await world.runner.run({
      argv: ['git', '-C', root, ...args],
      cwd: root,
      env: world.environment,
      signal: world.signal,
    });
    if (result.exit !== 0)
      throw new FailureError({
        code: 'BAD_USAGE',
        fact: `git ${args.join(' ')}: ${result.stderr.trim().split('\n')[0]}`,
        hint: 'slipway affected --base REF: a branch, tag or commit of this repository',
      });
    return result.stdout.split('\0').filter((name) => name !== '');
  };
  const [start] = (await git('merge-base', base, line.head ?? 'HEAD')).map((text) => text.trim());
  const diff = ['diff', '--name-only', '--no-renames', '--relative', '-z', start!];
  if (line.head !== undefined) return git(...diff, line.head);
  return [...new Set([...(await git(...diff)), ...(await git('ls-files', '--others', '--exclude-standard', '-z'))])];
}
