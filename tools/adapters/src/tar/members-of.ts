import { type FileHandle, open } from 'node:fs/promises';
import { Header } from 'tar/header';

const BLOCK = 512;

/** Where the content of a file lies in an archive. */
export interface Place {
  readonly at: number;
  readonly size: number;
}

/** Files of an uncompressed archive that this tool wrote, by path; contents are passed over, not read. */
export async function membersOf(path: string): Promise<ReadonlyMap<string, Place>> {
  await using file = await open(path, 'r');
  const places = new Map<string, Place>();
  for (let at = 0; ;) {
    const header = await headerAt(file, at);
    if (header === undefined) return places;
    const size = header.size ?? 0;
    if (header.type === 'File') places.set(header.path ?? '', { at: at + BLOCK, size });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

async function headerAt(file: FileHandle, at: number): Promise<Header | undefined> {
  const block = Buffer.alloc(BLOCK);
  const { bytesRead } = await file.read(block, 0, BLOCK, at);
  const header = new Header(block, 0);
  return bytesRead === BLOCK && header.cksumValid ? header : undefined;
}
