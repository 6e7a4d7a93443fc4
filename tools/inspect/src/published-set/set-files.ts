import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  type ForeignBytes,
  entriesOf,
  lookAt,
  openForeign,
  piecesOf,
  readForeign,
  throwIfInterrupted,
} from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';

/** The files of an untrusted set. Each is checked to be a file within the limits before it is read. */
export interface SetFiles {
  /** The names of all entries, sorted. */
  readonly names: readonly string[];
  bytes(name: string, most: number): Promise<ForeignBytes>;
  /** Compares a file's digest with the expected one; returns the problem, or undefined. */
  digestProblem(name: string, algorithm: 'sha256' | 'sha512', said: string): Promise<string | undefined>;
}

/** Throws FILE_MISSING, and BAD_ARCHIVE for a set beyond the limits. */
export async function openSetFiles(dir: string, signal?: AbortSignal): Promise<SetFiles> {
  const names = await namesIn(dir);
  const digests = new Map<string, Promise<{ readonly digest: string } | { readonly problem: string }>>();
  const digestOf = async (name: string, algorithm: string) => {
    const opened = await openForeign(join(dir, name));
    if (typeof opened === 'string') return { problem: opened };
    await using file = opened;
    const most = mostOf(name);
    if (file.size > most) return { problem: `it has more than ${most} bytes` };
    const hash = createHash(algorithm);
    for await (const piece of piecesOf(file)) {
      throwIfInterrupted(signal);
      hash.update(piece);
    }
    return { digest: hash.digest('hex') };
  };
  return {
    names,
    bytes: (name, most) => readForeign(join(dir, name), most),
    async digestProblem(name, algorithm, said) {
      if (!names.includes(name)) return 'it is missing';
      const key = `${algorithm} ${name}`;
      const known = digests.get(key) ?? digestOf(name, algorithm);
      digests.set(key, known);
      const found = await known;
      if ('problem' in found) return found.problem;
      return found.digest === said ? undefined : 'it has other bytes';
    },
  };
}

/** A text file beyond its limit is not hashed either. */
function mostOf(name: string): number {
  if (name === PROVENANCE) return limits.statement.bytes;
  return isSbom(name) ? limits.sbom.bytes : limits.set.bytes;
}

export const PROVENANCE = 'provenance.json';
export const isSbom = (name: string): boolean => /\.(?:spdx|cdx)\.json$/.test(name);

/** Limits the number of files and the total bytes. */
async function namesIn(dir: string): Promise<string[]> {
  const refused = (fact: string): FailureError => new FailureError({ code: 'BAD_ARCHIVE', path: dir, fact });
  const names: string[] = [];
  let bytes = 0;
  if ((await lookAt(dir, 'followed').catch(() => undefined))?.kind !== 'directory')
    throw new FailureError({ code: 'FILE_MISSING', path: dir, why: 'it is not a readable directory' });
  for await (const { name } of entriesOf(dir)) {
    if (names.push(name) > limits.set.files) throw refused(`it has more than ${limits.set.files} files`);
    const found = await lookAt(join(dir, name)).catch(() => undefined);
    if (found?.kind === 'file') bytes += found.size;
    if (bytes > limits.set.bytes) throw refused(`it has more than ${limits.set.bytes} bytes`);
  }
  return names.sort();
}
