import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** With more loose tags, git is faster. */
const mostTags = 500;
/** Files that show that git stores its data in another way. */
const otherWays = ['commondir', 'reftable', 'info/grafts', 'refs/replace'];

/**
 * Everything that decides the nearest tag of HEAD, as text. While it is unchanged, git need not be called, which would
 * take longer than the rest of a no-op check. Undefined if these files do not decide: in a worktree, with replaced
 * commits, without a repository at the root. The files are those of https://git-scm.com/docs/gitrepository-layout.
 */
export function tagState(root: string): string | undefined {
  const git = join(root, '.git');
  try {
    if (otherWays.some((name) => existsSync(join(git, name)))) return undefined;
    const head = textOf(join(git, 'HEAD'));
    const branch = /^ref: (refs\/heads\/.+)\n$/.exec(head)?.[1];
    const commit = branch === undefined ? head : textOf(join(git, branch));
    // A link to another name.
    if (commit.startsWith('ref:')) return undefined;
    const entries = readdirSync(join(git, 'refs/tags'), { recursive: true, withFileTypes: true });
    const tags = entries.filter((entry) => entry.isFile());
    if (tags.length > mostTags || entries.some((entry) => !entry.isFile() && !entry.isDirectory())) return undefined;
    const loose = tags.map(({ parentPath, name }) => [parentPath, name, textOf(join(parentPath, name))] as const);
    if (loose.some(([, , text]) => text.startsWith('ref:'))) return undefined;
    return JSON.stringify([
      head,
      commit,
      ...['packed-refs', 'shallow'].map((name) => identityOf(join(git, name))),
      loose,
    ]);
  } catch {
    return undefined;
  }
}

/**
 * Empty for a missing file, such as a branch among the packed refs. Throws for a pipe and similar files, which must not
 * block.
 */
function textOf(path: string): string {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return '';
  if (!stat.isFile()) throw new Error(`${path} is not a file`);
  return readFileSync(path, 'utf8');
}

/**
 * Git replaces these files and never writes into one, so that other content has another inode or time. Throws for a
 * link, whose stat says nothing.
 */
function identityOf(path: string): readonly (number | undefined)[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink() === true) throw new Error(`${path} is a link`);
  return [stat?.ino, stat?.size, stat?.mtimeMs, stat?.ctimeMs];
}
