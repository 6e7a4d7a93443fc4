import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FailureError } from '@slipway/model';
import { parseSums } from '../manifest/sums.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';

/** What a server may send: a release of Kubernetes has 40 files and 3 GB. */
export interface FetchLimits {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

const USUAL: FetchLimits = { files: 2000, bytes: 2 ** 35 };

/** A set that was fetched; disposing removes it. */
export interface FetchedSet extends AsyncDisposable {
  readonly dir: string;
}

/** Files that are there without a checksum. A set need not be signed. */
const BESIDE = ['SHA512SUMS', 'provenance.sigstore.json'];

/**
 * What SHA256SUMS names at an address of http or https, in a directory of its own; nothing of it is believed, and nothing checked: that
 * is for who reads it. Throws UNREADABLE, BAD_ARCHIVE for a set beyond the limits, INTERRUPTED.
 */
export async function fetchSet(address: string, signal: AbortSignal, limits = USUAL): Promise<FetchedSet> {
  trustTheMachine();
  const dir = await mkdtemp(join(tmpdir(), 'slipway-set-'));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  const fetching: Fetching = { address, dir, signal, left: limits.bytes };
  try {
    if (!(await fetchFile('SHA256SUMS', fetching))) throw unreadable(fetching, 'SHA256SUMS', 'it is not there');
    const sums = parseSums(await readFile(join(dir, 'SHA256SUMS'), 'utf8'), 'sha256');
    const refused = (fact: string): FailureError =>
      new FailureError({ code: 'BAD_ARCHIVE', path: addressOf('SHA256SUMS', fetching).href, fact });
    if (typeof sums === 'string') throw refused(sums);
    if (sums.length > limits.files) throw refused(`it names more than ${limits.files} files`);
    // What is missing is found by who checks the set.
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
  /** Bytes that may still come. */
  left: number;
}

/** False for one that is not there. */
async function fetchFile(name: string, fetching: Fetching): Promise<boolean> {
  const url = addressOf(name, fetching);
  try {
    const answer = await fetch(url, { signal: fetching.signal });
    if (answer.status === 404 || answer.status === 410) {
      await answer.body?.cancel();
      return false;
    }
    if (!answer.ok || answer.body === null) throw unreadable(fetching, name, `the server answers ${answer.status}`);
    const within = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        fetching.left -= piece.length;
        if (fetching.left < 0)
          throw new FailureError({
            code: 'BAD_ARCHIVE',
            path: fetching.address,
            fact: 'it is larger than any release',
          });
        yield piece;
      }
    };
    await pipeline(answer.body, within, createWriteStream(join(fetching.dir, name), { flags: 'wx' }));
    return true;
  } catch (error) {
    if (error instanceof FailureError || !(error instanceof Error)) throw error;
    throw unreadable(fetching, name, error.cause instanceof Error ? error.cause.message : error.message);
  }
}

const addressOf = (name: string, { address }: Fetching): URL =>
  new URL(encodeURIComponent(name), address.endsWith('/') ? address : `${address}/`);

const unreadable = (fetching: Fetching, name: string, fact: string): FailureError =>
  new FailureError({ code: 'UNREADABLE', path: addressOf(name, fetching).href, fact });
