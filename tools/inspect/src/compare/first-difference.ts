import { openPlain } from '@slipway/adapters';
import type { FirstDifference } from './comparison.ts';

const CHUNK = 1 << 20;
const AROUND = 48;
const SHORTEST = 6;

interface Range {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
}

/**
 * The first byte where two sections differ, with the text around it if both sides are text: a stamp, a path, a flag.
 */
export async function readFirstDifference(a: Range, b: Range): Promise<FirstDifference | undefined> {
  await using fileA = await openPlain(a.path, 'followed');
  await using fileB = await openPlain(b.path, 'followed');
  const bufferA = Buffer.allocUnsafe(CHUNK);
  const bufferB = Buffer.allocUnsafe(CHUNK);
  const common = Math.min(a.size, b.size);
  // Pieces overlap by the length of the shown text.
  for (let start = 0; start < common; start += CHUNK - 2 * AROUND) {
    const length = Math.min(CHUNK, common - start);
    const [readA, readB] = await Promise.all([
      fileA.handle.read(bufferA, 0, length, a.offset + start),
      fileB.handle.read(bufferB, 0, length, b.offset + start),
    ]);
    const [bytesA, bytesB] = [bufferA.subarray(0, readA.bytesRead), bufferB.subarray(0, readB.bytesRead)];
    const isLast = start + length >= common;
    const shown = isLast ? length : length - AROUND;
    if (bytesA.subarray(0, shown).equals(bytesB.subarray(0, shown))) continue;
    const at = bytesA.findIndex((byte, index) => byte !== bytesB[index]);
    const [textA, textB] = [textAround(bytesA, at), textAround(bytesB, at)];
    return { offset: start + at, ...(textA !== undefined && textB !== undefined && { text: { a: textA, b: textB } }) };
  }
  return undefined;
}

/** The printable ASCII text around the byte, at most `AROUND` bytes on either side. */
function textAround(bytes: Buffer, at: number): string | undefined {
  const isPrintable = (index: number): boolean =>
    index >= 0 && index < bytes.length && bytes[index]! >= 0x20 && bytes[index]! < 0x7f;
  if (!isPrintable(at)) return undefined;
  let [from, to] = [at, at + 1];
  while (at - from < AROUND && isPrintable(from - 1)) from--;
  while (to - at < AROUND && isPrintable(to)) to++;
  return to - from < SHORTEST ? undefined : bytes.toString('latin1', from, to);
}
