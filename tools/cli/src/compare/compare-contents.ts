import { readFile, stat } from 'node:fs/promises';
import { FailureError } from '@slipway/model';
import { compareArchives, isArchive } from './compare-archives.ts';
import { compareBinaries } from './compare-binaries.ts';
import type { Difference, FileComparison } from './comparison.ts';

/** Longer ones are compared as bytes. */
const LONGEST_TEXT = 16 << 20;
const LONGEST_LINE = 200;

export interface ContentsComparison {
  readonly differences: readonly Difference[];
  readonly members?: readonly FileComparison[];
}

/** Why two files whose bytes differ from `offset` on do so: by member of an archive, by line of a text, or as binaries. */
export async function compareContents(
  pathA: string,
  pathB: string,
  { offset, signal }: { readonly offset: number; readonly signal?: AbortSignal },
): Promise<ContentsComparison> {
  if ((await isArchive(pathA)) && (await isArchive(pathB))) {
    try {
      return await compareArchives(pathA, pathB, signal);
    } catch (error) {
      const failure = error instanceof FailureError ? error.failures[0] : undefined;
      if (failure?.code !== 'BAD_ARCHIVE') throw error;
      const side = failure.path === pathA ? 'a' : 'b';
      return { differences: [{ kind: 'damage', side, fact: failure.fact }] };
    }
  }
  const text = firstLine(await linesOf(pathA), await linesOf(pathB));
  return { differences: text === undefined ? await compareBinaries(pathA, pathB, offset) : [text] };
}

/** Undefined for what is no text. */
async function linesOf(path: string): Promise<string[] | undefined> {
  if ((await stat(path)).size > LONGEST_TEXT) return undefined;
  const bytes = await readFile(path);
  // Tabs and line ends are among what texts have of these.
  if (bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20))) return undefined;
  const text = bytes.toString();
  return text.includes('\uFFFD') ? undefined : unfolded(text).split('\n');
}

/** JSON on one line says nothing by its number. */
function unfolded(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 1);
  } catch {
    return text;
  }
}

function firstLine(a: readonly string[] | undefined, b: readonly string[] | undefined): Difference | undefined {
  if (a === undefined || b === undefined) return undefined;
  const at = [...(a.length > b.length ? a : b).keys()].find((line) => a[line] !== b[line]);
  if (at === undefined) return undefined;
  const shown = (lines: readonly string[]): string => (lines[at] ?? '(end)').trim().slice(0, LONGEST_LINE);
  return { kind: 'text', line: at + 1, a: shown(a), b: shown(b) };
}
