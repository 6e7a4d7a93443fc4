import { FailureError } from '@slipway/model';
import type { Asking } from '../world.ts';

/** Relative to the root: what differs from the merge base, in commits (up to --head) or in the work tree, and what git does not know. */
export async function changedFiles({ line, world }: Asking, root: string, base: string): Promise<string[]> {
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
