import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path/posix';
import type { CommandRunner, GitReader, Memo } from '@slipway/adapters';
import {
  type Environment,
  FailureError,
  type GitFacts,
  type PlanNote,
  SHIPPED_VERSION,
  type ShippedEntry,
  type Shipping,
  type ShippingFacts,
  type SourceMember,
  type Tree,
  isLostName,
  shippedPaths,
} from '@slipway/model';
import { askRelease } from './golang-sh/ask-release.ts';
import { publicAddress, treeLicense } from './published-source.ts';
import type { TreeCode } from './tree-code.ts';
import type { ReleaseAnswer, SaidEntry } from './golang-sh/release-answer.ts';
import type { Disk } from './disk.ts';

/** The facts of a packaging request. */
export interface PackagingWorld {
  readonly disk: Disk;
  /** The compressor of archives. */
  readonly compressor: string;
  /** Added to the given variables: KUBE_FASTBUILD of a quick target. */
  readonly variables: Environment;
  readonly runner: CommandRunner;
  readonly memo: Memo;
  readonly code?: TreeCode | undefined;
}

export interface ShippingQuestion extends PackagingWorld {
  readonly tree: Tree;
  readonly gitFacts: GitFacts;
  readonly git: GitReader;
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** The content of a release besides binaries, file by file. */
export async function readShipping(question: ShippingQuestion): Promise<ShippingFacts> {
  const { tree, git, environment, compressor, signal } = question;
  const { root, release } = tree;
  const words = release === undefined ? [] : shippedPaths(release);
  const files = words.flatMap((word) => {
    const members = membersBelow(root, word);
    return members === undefined ? [] : [[word, members] as const];
  });
  const asking = { root, env: environment, ...(signal === undefined ? {} : { signal }) };
  const [known, origin] = await Promise.all([git.listFiles(asking), git.origin(asking)]);
  const repository = origin === undefined ? undefined : publicAddress(origin);
  const license = treeLicense(root);
  return {
    ...(release === undefined ? await scripted(question, known ?? []) : { scripted: undefined, leftOut: [] }),
    files: Object.fromEntries(files),
    compressor,
    ...(repository === undefined ? {} : { repository }),
    ...(license === undefined ? {} : { license }),
    source: known === undefined ? sourceWithoutGit(root) : known.flatMap((path) => committedAt(root, path) ?? []),
  };
}

async function scripted(
  question: ShippingQuestion,
  paths: readonly string[],
): Promise<Pick<ShippingFacts, 'scripted' | 'leftOut'>> {
  const { tree, gitFacts, variables, environment, runner, memo, disk, code, signal } = question;
  const state = tree.archive !== undefined ? 'archive' : gitFacts.clean === true ? 'clean' : 'dirty';
  const answer = await askRelease({
    ...{ root: tree.root, treeState: variables['KUBE_GIT_TREE_STATE'] || state, version: SHIPPED_VERSION },
    ...{ variables, environment, paths, runner, memo, disk, code },
    ...(signal === undefined ? {} : { signal }),
  });
  return { scripted: shippingOf(answer, tree.root), leftOut: [...answer.leftOut, ...missingFiles(answer, tree.root)] };
}

/** The scripts would either stop at these files or continue without them; slipway does not know which. */
function missingFiles({ tarballs, images }: ReleaseAnswer, root: string): PlanNote[] {
  const entries = [...tarballs.map((tarball) => tarball.entries), ...images.flatMap(({ layers }) => layers)];
  const said = entries
    .flatMap((some) => (some === 'commit' ? [] : some))
    .flatMap((each) => ('tree' in each ? [each.tree] : []));
  return [...new Set(said)]
    .filter((path) => memberAt(root, path) === undefined)
    .map((path) => ({ what: path, why: "left out: the tree's scripts pack it, and it is not there" }));
}

const shippingOf = ({ tarballs, images }: ReleaseAnswer, root: string): Shipping => ({
  tarballs: tarballs.map(({ name, entries }) => ({
    name,
    entries: entries === 'commit' ? entries : entries.flatMap((entry) => whatIsThere(entry, root)),
  })),
  images: images.map((image) => ({
    ...image,
    layers: image.layers.map((entries) => entries.flatMap((entry) => whatIsThere(entry, root))),
  })),
});

/** A directory of the tree becomes all files in it. */
function whatIsThere(entry: SaidEntry, root: string): ShippedEntry[] {
  if (!('tree' in entry)) return [entry];
  return (membersBelow(root, entry.tree) ?? []).map((member) => {
    const path = entry.path + member.path.slice(entry.tree.length);
    if ('link' in member) return { path, link: member.link };
    return 'directory' in member ? { path, directory: true } : { path, source: member };
  });
}

/** Names at the top of a tree that are not source: output, git's own files, and files of editors and clouds. */
const NO_SOURCE = /^(_|\.git|\.config|\.gsutil)/;

const sourceWithoutGit = (root: string): SourceMember[] =>
  readdirSync(root)
    .filter((name) => !NO_SOURCE.test(name))
    .flatMap((name) => membersBelow(root, name) ?? []);

/** The file itself, or a directory with everything in it; undefined if it does not exist. */
function membersBelow(root: string, path: string): SourceMember[] | undefined {
  const member = memberAt(root, path);
  if (member === undefined || !('directory' in member)) return member === undefined ? undefined : [member];
  const names = readdirSync(join(root, path)).sort();
  const lost = names.find(isLostName);
  if (lost !== undefined)
    throw new FailureError({
      code: 'BAD_NAME',
      path: join(path, lost),
      why: 'the release packs it',
    });
  return [member, ...names.flatMap((name) => membersBelow(root, join(path, name)) ?? [])];
}

/** Files that git packs regardless of their names. */
const committedAt = (root: string, path: string): SourceMember | undefined =>
  isLostName(path) ? { path, executable: false } : memberAt(root, path);

/** Sockets and devices are not source. */
function memberAt(root: string, path: string): SourceMember | undefined {
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return { path, link: readlinkSync(join(root, path)) };
  if (stat?.isDirectory()) return { path, directory: true };
  return stat?.isFile() ? { path, executable: (stat.mode & 0o111) !== 0 } : undefined;
}
