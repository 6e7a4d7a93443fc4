import { posix } from 'node:path';
import {
  type ActionResult,
  type Directory,
  type ExecutedActionMetadata,
  type Timestamp,
  type Tree,
  TreeSchema,
  decode,
  encode,
  DirectorySchema,
} from '../reapi/index.ts';
import { hash } from 'node:crypto';
import { readDigest } from '../remote-cache/contents.ts';
import type { Blob } from '../remote-cache/port.ts';
import type { RemoteAction, RemoteOutput, RemoteResult } from './port.ts';
import { refusedOutput } from './refused-output.ts';

export type Made = Pick<RemoteResult, 'outputs' | 'links' | 'directories'>;

/** Reads a whole content into memory: the output of a program, or the list of a directory. */
export type ReadBlob = (blob: Blob) => Promise<Buffer>;

/** The outputs of an action. Throws for one that was not requested. */
export async function madeBy(
  result: ActionResult,
  { outputPaths }: Pick<RemoteAction, 'outputPaths'>,
  read: ReadBlob,
): Promise<Made> {
  const outputs = new Map<string, RemoteOutput>();
  const links = new Map<string, string>();
  const directories: string[] = [];
  const link = [...result.outputSymlinks, ...result.outputFileSymlinks, ...result.outputDirectorySymlinks][0];
  if (link !== undefined) throw refusedOutput.link(link.path, link.target);
  for (const { path, digest, isExecutable } of result.outputFiles)
    outputs.set(askedFor(path, outputPaths), { ...readDigest(digest), executable: isExecutable });
  for (const { path, treeDigest } of result.outputDirectories) {
    const { root, children } = treeIn(await read(readDigest(treeDigest)), path);
    const byDigest = new Map(children.map((each) => [hash('sha256', encode(DirectorySchema)(each)), each]));
    unfold({
      at: askedFor(path, outputPaths),
      directory: root,
      byDigest,
      top: path,
      made: { outputs, links, directories },
    });
  }
  for (const path of result.exitCode === 0 ? outputPaths : [])
    if (!outputs.has(path) && !directories.includes(path)) throw refusedOutput.missing(path);
  return { outputs, links, directories };
}

function treeIn(bytes: Buffer, path: string): Tree {
  try {
    return decode(TreeSchema)(bytes);
  } catch {
    throw refusedOutput.wrong(path);
  }
}

interface Folded {
  readonly at: string;
  readonly directory: Directory | undefined;
  readonly byDigest: ReadonlyMap<string, Directory>;
  /** The output directory that contains them. */
  readonly top: string;
  readonly made: {
    readonly outputs: Map<string, RemoteOutput>;
    readonly links: Map<string, string>;
    readonly directories: string[];
  };
}

function unfold({ at, directory, byDigest, top, made }: Folded): void {
  const entries = made.directories.length + made.outputs.size + made.links.size;
  if (directory === undefined || at.length > LONGEST || entries > MOST) throw refusedOutput.wrong(at);
  made.directories.push(at);
  const below = (name: string): string => {
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0'))
      throw refusedOutput.name(`${at}/${name}`);
    return `${at}/${name}`;
  };
  for (const { name, digest, isExecutable } of directory.files)
    made.outputs.set(below(name), { ...readDigest(digest), executable: isExecutable });
  for (const { name, target } of directory.symlinks) {
    const path = below(name);
    const leads = posix.join(at, target);
    if (target.startsWith('/') || !`${leads}/`.startsWith(`${top}/`)) throw refusedOutput.outside(path, target);
    made.links.set(path, target);
  }
  for (const { name, digest } of directory.directories)
    unfold({ at: below(name), directory: byDigest.get(digest?.hash ?? ''), byDigest, top, made });
}

/**
 * The maximum length of a path, and the maximum number of entries. A directory whose parts name each other repeatedly
 * would have no end, and no file system has longer paths.
 */
const LONGEST = 4096;
const MOST = 100_000;

function askedFor(path: string, outputPaths: readonly string[]): string {
  if (!outputPaths.includes(path)) throw refusedOutput.name(path);
  return path;
}

/** Milliseconds between the times that a server reports. */
export function timesOf(metadata: ExecutedActionMetadata | undefined): RemoteResult['times'] {
  const between = (from: Timestamp | undefined, to: Timestamp | undefined): number =>
    from === undefined || to === undefined ? 0 : Math.max(0, millisecondsOf(to) - millisecondsOf(from));
  return {
    queued: between(metadata?.queuedTimestamp, metadata?.workerStartTimestamp),
    fetched: between(metadata?.inputFetchStartTimestamp, metadata?.inputFetchCompletedTimestamp),
    executed: between(metadata?.executionStartTimestamp, metadata?.executionCompletedTimestamp),
    uploaded: between(metadata?.outputUploadStartTimestamp, metadata?.outputUploadCompletedTimestamp),
  };
}

export const millisecondsOf = ({ seconds, nanos }: Timestamp): number => Number(seconds) * 1000 + nanos / 1e6;
