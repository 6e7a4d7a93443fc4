import { open } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';

const CHUNK = 1 << 20;
/** Node sets times in microseconds, so the time of a copy is rounded down. */
const TIME_STEP = 2_000n;

interface Stated {
  readonly path: string;
  readonly stat: BigIntStats;
}

/**
 * Reports whether two files have the same content and mode. It compares size and time if these are trusted, or else
 * reads both.
 */
export async function isSameFile(a: Stated, b: Stated, stats: 'believed' | 'doubtful'): Promise<boolean> {
  if (a.stat.ino === b.stat.ino && a.stat.dev === b.stat.dev) return true;
  if (!a.stat.isFile() || !b.stat.isFile() || a.stat.size !== b.stat.size || a.stat.mode !== b.stat.mode) return false;
  const apart = a.stat.mtimeNs - b.stat.mtimeNs;
  return (stats === 'believed' && apart < TIME_STEP && apart > -TIME_STEP) || sameBytes(a.path, b.path);
}

async function sameBytes(a: string, b: string): Promise<boolean> {
  await using fileA = await open(a);
  await using fileB = await open(b);
  const bufferA = Buffer.allocUnsafe(CHUNK);
  const bufferB = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const [readA, readB] = await Promise.all([fill(fileA, bufferA), fill(fileB, bufferB)]);
    if (readA !== readB || bufferA.compare(bufferB, 0, readB, 0, readA) !== 0) return false;
    if (readA < CHUNK) return true;
  }
}

async function fill(file: Awaited<ReturnType<typeof open>>, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
