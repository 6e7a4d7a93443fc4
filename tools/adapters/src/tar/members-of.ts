import { open } from 'node:fs/promises';
import { fileReader } from './byte-reader.ts';
import { readTar } from './read-tar.ts';

/** The position of a file's content in an archive. */
export interface Place {
  readonly at: number;
  readonly size: number;
}

/** The files of an uncompressed archive, by path. It skips contents. Throws RefusedTar. */
export async function membersOf(path: string): Promise<ReadonlyMap<string, Place>> {
  await using file = await open(path, 'r');
  const places = new Map<string, Place>();
  for await (const { member, at, skip } of readTar(fileReader(file))) {
    if (member.kind === 'file') places.set(member.path, { at, size: member.size });
    await skip();
  }
  return places;
}
