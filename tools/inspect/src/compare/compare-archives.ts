import { join } from 'node:path';
import {
  type ReadArchive,
  type ReadCompression,
  type ReadMember,
  openPlain,
  readArchive,
  readImage,
  scratchDirectory,
} from '@slipway/adapters';
import type { ContentsComparison, Difference, FileComparison } from './comparison.ts';

/** A zip, tar, gzip or zstd file. Slipway assumes that the last two contain an archive. */
export async function isArchive(path: string): Promise<boolean> {
  await using file = await openPlain(path, 'followed');
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(512), 0, 512, 0);
  const isCompressed = buffer.readUInt16BE() === 0x1f8b || [0x28b52ffd, 0x504b0304].includes(buffer.readUInt32BE());
  return (bytesRead >= 4 && isCompressed) || buffer.toString('latin1', 257, 262) === 'ustar';
}

interface TwoArchives {
  readonly pathA: string;
  readonly pathB: string;
  readonly signal: AbortSignal | undefined;
}

/** Compares two unpacked members, which may be archives. */
type CompareMembers = (
  pathA: string,
  pathB: string,
  how: { readonly offset: number; readonly signal?: AbortSignal },
) => Promise<ContentsComparison>;

/** One of the two archives, with its members by role. */
interface Side {
  readonly path: string;
  readonly archive: ReadArchive;
  readonly members: ReadonlyMap<string, ReadMember>;
}

/**
 * The differences between two archives: headers by field, members by name, content by its type. Blobs of images are
 * named by digest, so the config is compared with the config, and each layer with the layer at the same position.
 * Throws BAD_ARCHIVE.
 */
export async function compareArchives(
  { pathA, pathB, signal }: TwoArchives,
  compareMembers: CompareMembers,
): Promise<ContentsComparison> {
  const [a, b] = [await readSide(pathA, signal), await readSide(pathB, signal)];
  if (a.archive.sha256 === b.archive.sha256)
    return {
      differences: [{ kind: 'compression', a: describe(a.archive.compression), b: describe(b.archive.compression) }],
    };
  const both = [...a.members.keys()].filter((name) => b.members.has(name));
  const changed = both.filter((name) => a.members.get(name)!.sha256 !== b.members.get(name)!.sha256);
  const members = [
    ...onlyIn(a, b, 'only-in-a'),
    ...onlyIn(b, a, 'only-in-b'),
    ...(await contentsOf(changed, { a, b, signal }, compareMembers)),
  ];
  const differences = [...headerDifferences(both, a, b), ...orderDifference(a, b)];
  if (differences.length > 0 || members.length > 0) return { differences, members };
  return { differences: [{ kind: 'bytes', offset: 0 }] };
}

async function readSide(path: string, signal: AbortSignal | undefined): Promise<Side> {
  const archive = await readArchive(path, { ...(signal && { signal }) });
  const isImage = archive.members.some((member) => member.path === 'oci-layout');
  const roles = isImage ? (await readImage(path, signal)).roles : undefined;
  return { path, archive, members: new Map(archive.members.map((each) => [roles?.get(each.path) ?? each.path, each])) };
}

const onlyIn = (one: Side, other: Side, is: 'only-in-a' | 'only-in-b'): FileComparison[] =>
  [...one.members].flatMap(([path, { size }]) => (other.members.has(path) ? [] : [{ is, path, size }]));

interface Both {
  readonly a: Side;
  readonly b: Side;
  readonly signal: AbortSignal | undefined;
}

/** Unpacks the members that differ, under new names, and compares them. */
async function contentsOf(
  names: readonly string[],
  { a, b, signal }: Both,
  compareMembers: CompareMembers,
): Promise<FileComparison[]> {
  if (names.length === 0) return [];
  await using scratch = await scratchDirectory('slipway-compare-');
  const placeOf = (side: string, i: number): string => join(scratch.path, `${side}-${i}`);
  for (const [side, { path, members }] of Object.entries({ a, b })) {
    const places = new Map(names.map((name, i) => [members.get(name)!.path, placeOf(side, i)]));
    const keep = ({ path: member }: { path: string }) => places.get(member);
    await readArchive(path, { keep, ...(signal && { signal }) });
  }
  const compared: FileComparison[] = [];
  for (const [i, path] of names.entries()) {
    const how = { offset: 0, ...(signal && { signal }) };
    compared.push({
      is: 'different',
      path,
      ...(await compareMembers(placeOf('a', i), placeOf('b', i), how)),
    });
  }
  return compared;
}

/** Fields of members in both archives. Thousands of members may differ in their time. */
const fields: Readonly<Record<string, (member: ReadMember) => string>> = {
  kind: ({ kind }) => kind,
  mode: ({ mode }) => mode.toString(8),
  owner: ({ uid, uname }) => `${uid}${uname === '' ? '' : ` (${uname})`}`,
  group: ({ gid, gname }) => `${gid}${gname === '' ? '' : ` (${gname})`}`,
  time: ({ mtime }) => timeOf(mtime),
  'link to': ({ target }) => target ?? '',
  'extended header': ({ extended }) => JSON.stringify(extended),
};

function headerDifferences(names: readonly string[], a: Side, b: Side): Difference[] {
  return Object.entries(fields).flatMap(([field, read]): Difference[] => {
    const differing = names.filter((name) => read(a.members.get(name)!) !== read(b.members.get(name)!));
    const [path] = differing;
    if (path === undefined) return [];
    const sides = { a: read(a.members.get(path)!), b: read(b.members.get(path)!) };
    return [{ kind: 'headers', field, count: differing.length, path, ...sides }];
  });
}

function orderDifference(a: Side, b: Side): Difference[] {
  const [inA, inB] = [[...a.members.keys()], [...b.members.keys()]];
  const [orderA, orderB] = [inA.filter((name) => b.members.has(name)), inB.filter((name) => a.members.has(name))];
  const at = orderA.findIndex((name, i) => name !== orderB[i]);
  return at === -1 ? [] : [{ kind: 'order', a: orderA[at]!, b: orderB[at]! }];
}

const timeOf = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000Z', 'Z');
};

function describe(header: ReadCompression): string {
  if (header.format !== 'gzip') return header.format === 'none' ? 'not compressed' : header.format;
  const level = header.extraFlags === 2 ? ', slowest' : header.extraFlags === 4 ? ', fastest' : '';
  const name = header.name === undefined ? '' : `, with the name ${JSON.stringify(header.name)}`;
  return `gzip${level}${header.mtime === 0 ? '' : `, of ${timeOf(header.mtime)}`}${name}`;
}
