import { parseStrictJson, readForeign } from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { compareArchives, isArchive } from './compare-archives.ts';
import { compareBinaries } from './compare-binaries.ts';
import type { ContentsComparison, Difference } from './comparison.ts';

const LONGEST_LINE = 200;

/** Why two files differ, whose bytes are equal up to `offset`: by archive member, by line of text, or as binaries. */
export async function compareContents(
  pathA: string,
  pathB: string,
  { offset, signal }: { readonly offset: number; readonly signal?: AbortSignal },
): Promise<ContentsComparison> {
  if ((await isArchive(pathA)) && (await isArchive(pathB))) {
    try {
      return await compareArchives({ pathA, pathB, signal }, compareContents);
    } catch (error) {
      const failure = error instanceof FailureError ? error.failures[0] : undefined;
      if (failure?.code !== 'BAD_ARCHIVE') throw error;
      const side = failure.path === pathA ? 'a' : 'b';
      return { differences: [{ kind: 'damage', side, fact: failure.fact }] };
    }
  }
  const text = firstLine(await textOf(pathA), await textOf(pathB));
  return { differences: text === undefined ? await compareBinaries(pathA, pathB, offset) : [text] };
}

/** Undefined for a file that is not text, or too long to show by line. */
async function textOf(path: string): Promise<string | undefined> {
  const read = await readForeign(path, limits.text.bytes);
  // Tabs and line ends occur in text.
  if ('problem' in read || read.bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20))) return undefined;
  const text = read.bytes.toString();
  return text.includes('\uFFFD') ? undefined : unfolded(text);
}

/** JSON on a single line has no useful line number. Very large texts are not reformatted. */
function unfolded(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  const parsed = parseStrictJson(text, limits.text);
  return typeof parsed === 'string' ? text : JSON.stringify(parsed.value, undefined, 1);
}

/** Compares line by line without a list, because a text may consist of line ends only. */
function firstLine(a: string | undefined, b: string | undefined): Difference | undefined {
  if (a === undefined || b === undefined || a === b) return undefined;
  for (let [line, at] = [1, 0]; ; line += 1) {
    const [inA, inB] = [lineAt(a, at), lineAt(b, at)];
    if (inA !== inB) return { kind: 'text', line, a: shown(inA), b: shown(inB) };
    if (inA === undefined) return undefined;
    at += inA.length + 1;
  }
}

/** Undefined after the end. */
function lineAt(text: string, at: number): string | undefined {
  if (at > text.length) return undefined;
  const end = text.indexOf('\n', at);
  return text.slice(at, end === -1 ? undefined : end);
}

const shown = (line = '(end)'): string => line.trim().slice(0, LONGEST_LINE);
