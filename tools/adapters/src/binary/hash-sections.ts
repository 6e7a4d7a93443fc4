import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { BinarySection } from './binary-file.ts';
import type { ImageSection } from './image.ts';

const CHUNK = 1 << 20;

/** Hashes each section of a file in one pass, a megabyte at a time. */
export async function hashSections(handle: FileHandle, sections: readonly ImageSection[]): Promise<BinarySection[]> {
  const parts = sections.map((section) => ({
    section,
    end: section.inFile ? section.offset + section.size : section.offset,
    hash: createHash('sha256'),
  }));
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let start = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, start);
    if (bytesRead === 0) break;
    for (const { section, end, hash } of parts) {
      const from = Math.max(section.offset, start);
      const to = Math.min(end, start + bytesRead);
      if (from < to) hash.update(buffer.subarray(from - start, to - start));
    }
    start += bytesRead;
  }
  return parts.map(({ section: { name, offset, size, inFile }, hash }) => ({
    name,
    offset,
    size,
    sha256: inFile ? hash.digest('hex') : undefined,
  }));
}
