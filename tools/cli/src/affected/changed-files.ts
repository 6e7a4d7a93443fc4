import { lstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Changes } from '@slipway/freshness';
import { FailureError, gitEnvironment, gitQuestion } from '@slipway/model';
import type { Asking } from '../services.ts';

/** Git's view of a repository. Names are relative to the root of the tree, and begin with `..` outside of it. */
export interface GitChanges {
  readonly changes: Changes;
  /** Changed names that were added or removed. */
  readonly moved: readonly string[];
  /** Reports whether git tracks changes of this name. */
  sees(name: string): boolean;
}

/** Files that differ from the merge base, in commits (up to --head) or in the work tree, and untracked files. */
export async function changedFiles({ line, services }: Asking, root: string, base: string): Promise<GitChanges> {
  const git = async (...args: string[]): Promise<string[]> => {
    const result = await services.runner.run({
      argv: gitQuestion('-C', root, ...args),
      cwd: root,
      env: gitEnvironment(services.environment),
      signal: services.signal,
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
  const [top = ''] = (await git('rev-parse', '--show-toplevel')).map((text) => text.replace(/\n$/, ''));
  const inTree = (name: string): string =>
    name.endsWith('/') ? `${relative(root, join(top, name))}/` : relative(root, join(top, name));
  // The user's settings could hide submodules, or files outside the tree.
  const diff = ['diff', '--name-only', '--no-renames', '--no-relative', '--ignore-submodules=none', '-z', start!];
  const changed = (await git(...diff, ...(line.head === undefined ? [] : [line.head]))).map(inTree);
  const moved = (await git(...diff, '--diff-filter=AD', ...(line.head === undefined ? [] : [line.head]))).map(inTree);
  const list = ['ls-files', '--full-name', '-z'];
  const others = (await git(...list, '--others', '--exclude-standard', ':/')).map(inTree);
  const tracked = (await git(...list, '--cached', ':/')).map(inTree);
  const seen = new Set([...tracked, ...others.map((name) => name.replace(/\/$/, ''))]);
  return {
    changes: changesOf(root, [...new Set([...changed, ...(line.head === undefined ? others : [])])]),
    moved: [...moved, ...(line.head === undefined ? others : [])],
    sees: (name) => ancestors(name).some((each) => seen.has(each)),
  };
}

/** A name that is a directory is another repository: a submodule, or an untracked repository. */
export function changesOf(root: string, names: readonly string[]): Changes {
  const at = (name: string) => lstatSync(join(root, name), { throwIfNoEntry: false });
  const isBelow = (name: string): boolean => name.endsWith('/') || at(name)?.isDirectory() === true;
  const files = names.filter((name) => !isBelow(name));
  return {
    files,
    gone: new Set(files.filter((name) => at(name) === undefined)),
    below: names.filter(isBelow).map((name) => name.replace(/\/$/, '')),
  };
}

/** A path and all its parents. */
function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
