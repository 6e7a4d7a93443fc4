import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The input of `hasUnseenChange`: the files of the whole repository with their marks and their digests in the index.
 */
export const markedArguments: readonly string[] = ['ls-files', '-v', '-s', '-z', '--', ':(top)'];

/**
 * Lower-case letters: assumed to be unchanged. S: skipped, for example by a sparse checkout, which does not have the
 * file.
 */
const MARKED = /^(?<mark>[a-zS]) (?<mode>\d+) (?<digest>[0-9a-f]{40,64}) \d\t(?<path>[^]*)$/;

/**
 * Reports whether a file differs from the index although `git status` skips it, because of `git update-index
 * --assume-unchanged` or `--skip-worktree`. Filters do not run, so a file that only a filter would make equal counts as
 * changed. Paths of `listed` are relative to `root`.
 */
export const hasUnseenChange = (listed: string, root: string): boolean =>
  listed.split('\0').some((line) => {
    const { mark, mode, digest, path } = MARKED.exec(line)?.groups ?? {};
    if (mark === undefined) return false;
    const content = contentOf(join(root, path!), mode!);
    return content === undefined ? mark !== 'S' : blobDigest(content, digest!.length) !== digest;
  });

function contentOf(path: string, mode: string): Buffer | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) return mode === '120000' ? Buffer.from(readlinkSync(path)) : Buffer.alloc(0);
  // Submodules are checked separately.
  return stat.isFile() ? readFileSync(path) : undefined;
}

/** The name of a blob in git: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
const blobDigest = (content: Buffer, length: number): string =>
  createHash(length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
