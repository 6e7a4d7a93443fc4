import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { ActionSchema, CommandSchema, DirectorySchema, type Init, encode } from '../reapi/index.ts';
import { digestOf } from '../remote-cache/contents.ts';
import type { Blob } from '../remote-cache/port.ts';
import type { RemoteAction, RemoteInput } from './port.ts';

/** A content that a cluster may lack. */
export interface Sendable extends Blob {
  readonly from: string | Buffer;
}

/** An action in the terms of the protocol, with all messages and files that it names by digest. */
export interface BuiltAction {
  readonly digest: Blob;
  readonly blobs: ReadonlyMap<string, Sendable>;
}

interface Folder {
  readonly files: Map<string, RemoteInput>;
  readonly links: Map<string, string>;
  readonly folders: Map<string, Folder>;
}

/**
 * The bytes decide the name of the stored result, and servers encode messages again. So lists are sorted by bytes, and
 * the encoder leaves out the default values of proto3.
 */
export function buildAction(action: RemoteAction): BuiltAction {
  const blobs = new Map<string, Sendable>();
  const keep = (from: Buffer): Blob => {
    const blob = { digest: hash('sha256', from), size: from.length, from };
    blobs.set(blob.digest, blob);
    return blob;
  };
  const root = keepFolder(foldersOf(action), (folder) => keep(folder));
  for (const { digest, size, from } of action.files.values())
    if (!blobs.has(digest)) blobs.set(digest, { digest, size, from });
  const platform = { properties: pairs(action.platform) };
  const command = keep(
    encode(CommandSchema)({
      arguments: [...action.arguments],
      environmentVariables: pairs(action.environment),
      workingDirectory: action.workingDirectory,
      // Older servers read the platform here, and not in the action.
      platform,
      outputPaths: [...action.outputPaths].sort(byBytes),
    }),
  );
  const digest = keep(
    encode(ActionSchema)({
      commandDigest: digestOf(command),
      inputRootDigest: digestOf(root),
      timeout: { seconds: BigInt(action.timeoutSeconds) },
      salt: Buffer.from(action.salt),
      platform,
    }),
  );
  return { digest, blobs };
}

function foldersOf({ files, links, directories, workingDirectory }: RemoteAction): Folder {
  const root = emptyFolder();
  const made = new Map<string, Folder>([
    ['.', root],
    ['', root],
  ]);
  const folderAt = (path: string): Folder => {
    const present = made.get(path);
    if (present !== undefined) return present;
    const above = folderAt(posix.dirname(path));
    const folder = emptyFolder();
    above.folders.set(named(path), folder);
    made.set(path, folder);
    return folder;
  };
  for (const path of [...directories, workingDirectory]) folderAt(path);
  for (const [path, file] of files) folderAt(posix.dirname(path)).files.set(named(path), file);
  for (const [path, target] of links) folderAt(posix.dirname(path)).links.set(named(path), target);
  for (const [path, folder] of made) refuseTwice(path, folder);
  return root;
}

const emptyFolder = (): Folder => ({ files: new Map(), links: new Map(), folders: new Map() });

function named(path: string): string {
  const name = posix.basename(path);
  if (path.startsWith('/') || name === '' || name === '.' || name === '..')
    throw new RangeError(`not a path of an input root: ${path}`);
  return name;
}

function refuseTwice(path: string, { files, links, folders }: Folder): void {
  const names = [...files.keys(), ...links.keys(), ...folders.keys()];
  if (new Set(names).size === names.length) return;
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  throw new RangeError(`two inputs are at ${posix.join(path, twice!)}`);
}

function keepFolder({ files, links, folders }: Folder, keep: (bytes: Buffer) => Blob): Blob {
  const message: Init<typeof DirectorySchema> = {
    files: sorted(files).map(([name, file]) => ({ name, digest: digestOf(file), isExecutable: file.executable })),
    directories: sorted(folders).map(([name, folder]) => ({ name, digest: digestOf(keepFolder(folder, keep)) })),
    symlinks: sorted(links).map(([name, target]) => ({ name, target })),
  };
  return keep(encode(DirectorySchema)(message));
}

const sorted = <T>(entries: ReadonlyMap<string, T>): [string, T][] => [...entries].sort(([a], [b]) => byBytes(a, b));

const pairs = (values: Readonly<Record<string, string>>): { name: string; value: string }[] =>
  sorted(new Map(Object.entries(values))).map(([name, value]) => ({ name, value }));

const ASTRAL = /[\ud800-\udfff]/;

/** The order of UTF-8. JavaScript's own order is the same except for characters beyond 16 bits. */
export function byBytes(a: string, b: string): number {
  if (ASTRAL.test(a) || ASTRAL.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
