import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FailureError, limits } from '@slipway/model';
import { parseSums } from '../manifest/sums.ts';
import { type TimeLimits, TooLarge, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';

/** Limits for a set from a server: `limits` except in tests. */
export interface FetchLimits {
  readonly files: number;
  /** For all files together. */
  readonly bytes: number;
  readonly timeLimits?: TimeLimits;
}

/** A fetched set; disposing removes it. */
export interface FetchedSet extends AsyncDisposable {
  readonly dir: string;
}

/** Existing files without a checksum. A set need not be signed. */
const BESIDE = ['SHA512SUMS', 'provenance.sigstore.json'];

/**
 * Fetches the files that SHA256SUMS at an http or https URL names, into a new directory. It does not verify them; the
 * reader must. Throws UNREADABLE, BAD_ARCHIVE for a set beyond the limits, INTERRUPTED.
 */
export async function fetchSet(
  address: string,
  signal: AbortSignal,
  most: FetchLimits = limits.set,
): Promise<FetchedSet> {
  trustTheMachine();
  const dir = await mkdtemp(join(tmpdir(), 'slipway-set-'));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  const fetching: Fetching = { address, dir, signal, timeLimits: most.timeLimits, left: most.bytes };
  try {
    if (!(await fetchFile('SHA256SUMS', fetching, limits.sums.bytes)))
      throw unreadable(fetching, 'SHA256SUMS', 'it is not there');
    const sums = parseSums(await readFile(join(dir, 'SHA256SUMS'), 'utf8'), 'sha256');
    const refused = (fact: string): FailureError =>
      new FailureError({ code: 'BAD_ARCHIVE', path: addressOf('SHA256SUMS', fetching).href, fact });
    if (typeof sums === 'string') throw refused(sums);
    if (sums.length > most.files) throw refused(`it names more than ${most.files} files`);
    // The verification reports missing files.
    const names = new Set([...sums.map(({ name }) => name), ...BESIDE]);
    for (const name of names) if (name !== 'SHA256SUMS') await fetchFile(name, fetching);
  } catch (error) {
    await remove();
    throwIfInterrupted(signal);
    throw error;
  }
  return { dir, [Symbol.asyncDispose]: remove };
}

interface Fetching {
  readonly address: string;
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly timeLimits: TimeLimits | undefined;
  /** The remaining bytes. */
  left: number;
}

/** False for a missing file. */
async function fetchFile(name: string, fetching: Fetching, most = Infinity): Promise<boolean> {
  const url = addressOf(name, fetching);
  try {
    const { signal, timeLimits } = fetching;
    const { response, pieces } = await fetchInTime(url, { signal, timeLimits });
    if (!response.ok) await response.body?.cancel();
    if (response.status === 404 || response.status === 410) return false;
    if (!response.ok) throw unreadable(fetching, name, `the server answers ${response.status}`);
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces(Math.min(most, fetching.left))) {
        fetching.left -= piece.length;
        yield piece;
      }
    };
    await pipeline(counted, createWriteStream(join(fetching.dir, name), { flags: 'wx' }));
    return true;
  } catch (error) {
    if (error instanceof TooLarge)
      throw new FailureError({ code: 'BAD_ARCHIVE', path: url.href, fact: `${error.message}: no release does` });
    if (error instanceof FailureError || !(error instanceof Error)) throw error;
    throw unreadable(fetching, name, reasonOf(error));
  }
}

const addressOf = (name: string, { address }: Fetching): URL =>
  new URL(encodeURIComponent(name), address.endsWith('/') ? address : `${address}/`);

const unreadable = (fetching: Fetching, name: string, fact: string): FailureError =>
  new FailureError({ code: 'UNREADABLE', path: addressOf(name, fetching).href, fact });
