import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { GitReader } from '@slipway/adapters';
import type { Environment, ShippingFacts, SourceMember, Tree } from '@slipway/model';

export interface ShippingQuestion {
  readonly tree: Tree;
  readonly git: GitReader;
  readonly env: Environment;
  readonly compressor: string;
  readonly signal?: AbortSignal;
}

/** What a release of the tree holds besides binaries, looked up file by file. */
export async function readShipping({ tree, git, env, compressor, signal }: ShippingQuestion): Promise<ShippingFacts> {
  const { root, release } = tree;
  const words =
    release === undefined ? [] : [release.licenses, release.manifests, release.portable, release.files].flat();
  const files = words.flatMap((word) => {
    const members = membersBelow(root, word);
    return members === undefined ? [] : [[word, members] as const];
  });
  const known = await git.listFiles({ root, env, ...(signal === undefined ? {} : { signal }) });
  return {
    scripted: undefined,
    files: Object.fromEntries(files),
    compressor,
    source: known === undefined ? sourceWithoutGit(root) : known.flatMap((path) => memberAt(root, path) ?? []),
  };
}

/** Names at the top of a tree that are no source: output, git's own and what editors and clouds leave there. */
const NO_SOURCE = /^(_|\.git|\.config|\.gsutil)/;

const sourceWithoutGit = (root: string): SourceMember[] =>
  readdirSync(root)
    .filter((name) => !NO_SOURCE.test(name))
    .flatMap((name) => membersBelow(root, name) ?? []);

/** The file itself, or a directory and everything in it; undefined when it is not there. */
function membersBelow(root: string, path: string): SourceMember[] | undefined {
  const member = memberAt(root, path);
  if (member === undefined || !('directory' in member)) return member === undefined ? undefined : [member];
  const names = readdirSync(join(root, path)).sort();
  return [member, ...names.flatMap((name) => membersBelow(root, join(path, name)) ?? [])];
}

/** Sockets and devices are no source. */
function memberAt(root: string, path: string): SourceMember | undefined {
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return { path, link: readlinkSync(join(root, path)) };
  if (stat?.isDirectory()) return { path, directory: true };
  return stat?.isFile() ? { path, executable: (stat.mode & 0o111) !== 0 } : undefined;
}
