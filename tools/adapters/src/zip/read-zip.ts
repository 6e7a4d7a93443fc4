import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { FailureError } from '@slipway/model';
import type { ForeignFile } from '../foreign/foreign-file.ts';
import type { ArchiveMember } from '../tar/read-port.ts';
import { RefusedTar, type TarMember } from '../tar/read-tar.ts';
import { EXTENDED_TIME, S_IFLNK } from './zip-bytes.ts';
import { type Entry, type ZipFile, fromFdPromise } from './zip-file.ts';

/** The first bytes of a zip file: a member, or its end if it has none. */
export const ZIP_MAGIC: readonly number[] = [0x04034b50, 0x06054b50];
/** The maximum length of a link's target. The content of a link in a zip file is its target. */
const LONGEST_TARGET = 4096;
const S_IFMT = 0o170000;

/** The members of a zip file in the order of its directory. Throws RefusedTar for an invalid file. */
export async function* readZip(
  { handle }: ForeignFile,
  count: (piece: Uint8Array) => void,
): AsyncGenerator<Pick<TarMember, 'member' | 'bytes'>> {
  const refused = (error: unknown): never => {
    throw new RefusedTar(`it is not a whole zip file: ${(error as Error).message}`);
  };
  const zip = await fromFdPromise(handle.fd, { autoClose: false, strictFileNames: true }).catch(refused);
  const entries = zip.eachEntry()[Symbol.asyncIterator]();
  for (let next = await entries.next().catch(refused); next.done !== true; next = await entries.next().catch(refused)) {
    const entry = next.value;
    const member = await memberOf(zip, entry).catch(refused);
    yield { member, bytes: member.kind === 'file' ? contentOf(zip, entry, count) : nothing() };
  }
}

async function memberOf(zip: ZipFile, entry: Entry): Promise<ArchiveMember> {
  const { fileName, uncompressedSize: size } = entry;
  const attributes = entry.externalFileAttributes >>> 16;
  const isLink = (attributes & S_IFMT) === S_IFLNK;
  if (isLink && size > LONGEST_TARGET) throw new Error(`${fileName} is a link to a long name`);
  const common = { mode: attributes & 0o777, mtime: timeOf(entry), uid: 0, gid: 0, uname: '', gname: '', extended: {} };
  if (fileName.endsWith('/')) return { ...common, path: fileName.slice(0, -1), kind: 'directory', size: 0 };
  if (!isLink) return { ...common, path: fileName, kind: 'file', size };
  const target = (await buffer(await zip.openReadStreamPromise(entry))).toString();
  return { ...common, path: fileName, kind: 'link', target, size: 0 };
}

/** The exact time, or else the time of DOS, read as UTC. */
function timeOf(entry: Entry): number {
  const exact = entry.extraFields.find(({ id, data }) => id === EXTENDED_TIME && data.length >= 5)?.data;
  if (exact !== undefined && (exact[0]! & 1) === 1) return exact.readUInt32LE(1);
  const { lastModFileDate: date, lastModFileTime: time } = entry;
  const day = Date.UTC((date >> 9) + 1980, ((date >> 5) & 15) - 1, date & 31);
  return day / 1000 + (time >> 11) * 3600 + ((time >> 5) & 63) * 60 + (time & 31) * 2;
}

async function* contentOf(zip: ZipFile, entry: Entry, count: (piece: Uint8Array) => void): AsyncGenerator<Buffer> {
  const damaged = (why: string): RefusedTar => new RefusedTar(`${entry.fileName} is damaged: ${why}`);
  let check = 0;
  const pieces = await zip.openReadStreamPromise(entry).catch((error: Error) => Promise.reject(damaged(error.message)));
  try {
    for await (const piece of pieces) {
      count(piece as Buffer);
      check = crc32(piece as Buffer, check);
      yield piece as Buffer;
    }
  } catch (error) {
    throw error instanceof RefusedTar || error instanceof FailureError ? error : damaged((error as Error).message);
  }
  if (check !== entry.crc32) throw damaged('its checksum is another one');
}

async function* nothing(): AsyncGenerator<Buffer> {}
