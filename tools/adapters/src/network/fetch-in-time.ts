import { limits } from '@slipway/model';
import { type TlsIdentity, fetchWith } from './fetch-with.ts';

/** How slow a server may be; `limits.http` but in tests. */
export interface TimeLimits {
  /** Until the answer begins. */
  readonly answerSeconds: number;
  /** How long nothing may come, and how long it may come slower than that. */
  readonly graceSeconds: number;
  readonly bytesPerSecond: number;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  readonly timeLimits?: TimeLimits | undefined;
  /** Of this server alone. */
  readonly identity?: TlsIdentity | undefined;
}

/** What a server answers that may be anybody's. Whoever does not read the body cancels it. */
export interface Answer {
  readonly response: Response;
  /** Its body; throws when there is more of it, or when it comes too slowly. */
  pieces(most: number): AsyncGenerator<Uint8Array>;
  bytes(most: number): Promise<Buffer>;
  /** The first bytes of a body, as text: what a server says when it refuses. */
  beginning(): Promise<string>;
}

/** More came than may. */
export class TooLarge extends Error {}

/**
 * As fetch, within bounds: an answer that does not begin, and a body that trickles, end in an error that says so. A user and password
 * of the address are sent as such, and to nobody it redirects to.
 */
export async function fetchInTime(url: URL, request: Request = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, signal, timeLimits = limits.http, identity } = request;
  const late = new AbortController();
  // What is sent takes its time, too.
  const seconds = timeLimits.answerSeconds + (body?.length ?? 0) / timeLimits.bytesPerSecond;
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${Math.round(seconds)} s`)), seconds * 1000);
  try {
    const fetching = {
      method,
      headers: { ...authorization(url), ...headers },
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      ...(body === undefined ? {} : { body }),
    };
    const plain = withoutUser(url);
    const own = identity !== undefined && url.protocol === 'https:';
    const response = await (own ? fetchWith(identity, plain, fetching) : fetch(plain, fetching as RequestInit));
    return answerOf(response, late, timeLimits);
  } finally {
    clearTimeout(timer);
  }
}

function answerOf(response: Response, late: AbortController, timeLimits: TimeLimits): Answer {
  const pieces = (most: number): AsyncGenerator<Uint8Array> => inTime(response, { most, late, timeLimits });
  return {
    response,
    pieces,
    async bytes(most) {
      const found: Uint8Array[] = [];
      for await (const piece of pieces(most)) found.push(piece);
      return Buffer.concat(found);
    },
    async beginning() {
      const found: Uint8Array[] = [];
      try {
        for await (const piece of pieces(limits.http.error)) found.push(piece);
      } catch {
        // What came until then has to do.
      }
      return Buffer.concat(found).toString();
    },
  };
}

interface Reading {
  readonly most: number;
  readonly late: AbortController;
  readonly timeLimits: TimeLimits;
}

/** Only the time that is waited for the server counts: what is done with a piece takes its own. */
async function* inTime({ body }: Response, { most, late, timeLimits }: Reading): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  let count = 0;
  let waited = 0;
  try {
    for (;;) {
      const allowed =
        timeLimits.graceSeconds + Math.min(timeLimits.graceSeconds, count / timeLimits.bytesPerSecond - waited);
      const from = performance.now();
      const timer = setTimeout(
        () => late.abort(new Error(`it sends less than ${timeLimits.bytesPerSecond} bytes a second`)),
        Math.max(0, allowed) * 1000,
      );
      const next = await reader.read().finally(() => clearTimeout(timer));
      waited += (performance.now() - from) / 1000;
      if (next.done) return;
      count += next.value.length;
      if (count > most) throw new TooLarge(`it sends more than ${most} bytes`);
      yield next.value;
    }
  } finally {
    // Nothing of an error in the middle is said twice.
    await reader.cancel().catch(() => {});
  }
}

function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function authorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
}

/** fetch itself says only that it failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { message?: string; code?: string } };
  return cause === undefined ? error.message : cause.message || cause.code || error.message;
}

/** By whom a certificate is signed that nobody here believes. */
const UNKNOWN_AUTHORITY = new Set([
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_UNTRUSTED', 'UNABLE_TO_GET_ISSUER_CERT'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
]);

/** What is wrong with the certificate of a server, where that is why it was not asked. */
export function certificateTrouble(error: unknown): 'unknown authority' | 'other' | undefined {
  const { code = '', cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const said = String(cause?.code ?? code);
  if (UNKNOWN_AUTHORITY.has(said)) return 'unknown authority';
  return /^(?:CERT_|ERR_TLS_CERT_)/.test(said) ? 'other' : undefined;
}
