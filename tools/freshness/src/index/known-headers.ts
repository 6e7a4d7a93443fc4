import { hash } from 'node:crypto';
import type { Memo } from '@slipway/adapters';
import { listedPart } from './go-header.ts';

/**
 * Headers of Go files by content, for all trees of a user. To cut one out takes as long as to read and to hash the file.
 */
export interface KnownHeaders {
  /** The digest of `listedPart`. */
  of(path: string, digest: string, bytes: Buffer): string | undefined;
  save(): void;
}

export function knownHeaders(memo: Memo): KnownHeaders {
  let known: Map<string, string> | undefined;
  let isNew = false;
  return {
    of(path, digest, bytes) {
      if (!path.endsWith('.go')) return headerOf(path, bytes);
      known ??= read(memo);
      const found = known.get(digest);
      if (found !== undefined) return found === ALL ? undefined : found;
      const header = headerOf(path, bytes);
      isNew = true;
      known.set(digest, header ?? ALL);
      return header;
    },
    save() {
      if (!isNew || known === undefined) return;
      const rows = [...known].slice(-MOST_KNOWN);
      memo.set(HEADERS, rows.map((row) => row.join(' ')).join('\n'));
    },
  };
}

export function headerOf(path: string, bytes: Buffer): string | undefined {
  const part = listedPart(path, bytes);
  return part && hash('sha256', part, 'hex');
}

/** The number goes up if `listedPart` takes another part of a file. */
const HEADERS = 'headers 1';
/** Go may look at any part of the file. */
const ALL = '-';
const MOST_KNOWN = 50_000;

const read = (memo: Memo): Map<string, string> =>
  new Map(
    (memo.get(HEADERS) ?? '')
      .split('\n')
      .filter((row) => row.length > DIGITS)
      .map((row) => [row.slice(0, DIGITS), row.slice(DIGITS + 1)]),
  );

const DIGITS = 64;
