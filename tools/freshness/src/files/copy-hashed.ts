import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

export interface CopyJob {
  readonly from: string;
  /** Undefined: only hash. */
  readonly to: string | undefined;
}

export interface Copied {
  readonly digest: string;
  readonly size: number;
}

export interface CopyTrouble {
  readonly side: 'from' | 'to';
  readonly code: string;
  readonly message: string;
}

export type CopyResult = Copied | CopyTrouble;

export const isTrouble = (result: CopyResult): result is CopyTrouble => 'side' in result;

/** Reads `from` once, so that the digest is that of the written bytes. */
export function copyHashed(job: CopyJob): CopyResult {
  const hash = createHash('sha256');
  // Larger buffers fall out of the processor's cache between the read, the hash and the write, and cost up to twice the
  // time.
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  let side: 'from' | 'to' = 'from';
  let from: number | undefined;
  let to: number | undefined;
  let size = 0;
  try {
    from = openSync(job.from, 'r');
    side = 'to';
    if (job.to !== undefined) to = openSync(job.to, 'w', 0o600);
    for (;;) {
      side = 'from';
      const read = readSync(from, buffer);
      if (read === 0) break;
      hash.update(read === buffer.length ? buffer : buffer.subarray(0, read));
      side = 'to';
      if (to !== undefined) {
        let written = 0;
        while (written < read) written += writeSync(to, buffer, written, read - written);
      }
      size += read;
    }
    side = 'to';
    if (to !== undefined) closeSync(to);
    to = undefined;
    return { digest: hash.digest('hex'), size };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw error;
    return { side, code, message };
  } finally {
    if (from !== undefined) closeSync(from);
    if (to !== undefined) closeSync(to);
  }
}
