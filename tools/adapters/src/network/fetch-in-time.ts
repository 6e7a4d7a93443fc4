import { limits } from '@slipway/model';
import { type TlsIdentity, fetchWith } from './fetch-with.ts';

/** Time limits for a server: `limits.http` except in tests. */
export interface TimeLimits {
  /** Until the answer begins. */
  readonly answerSeconds: number;
  /** How long the server may be silent, and how long it may be slower than the limit. */
  readonly graceSeconds: number;
  readonly bytesPerSecond: number;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  readonly timeLimits?: TimeLimits | undefined;
  /** Options for this server only. */
  readonly identity?: TlsIdentity | undefined;
}

/** The response of an untrusted server. A caller that does not read the body must cancel it. */
export interface Answer {
  readonly response: Response;
  /** Its body. Throws if it is too long or arrives too slowly. */
  pieces(most: number): AsyncGenerator<Uint8Array>;
  bytes(most: number): Promise<Buffer>;
  /** The beginning of a body as text: a server's message when it refuses. */
  beginning(): Promise<string>;
}

/** The body exceeds its limit. */
export class TooLarge extends Error {}

/**
 * fetch with limits: a response that does not begin, or a body that is too slow, ends with an error that says so. A
 * user and password in the address are sent to its server, and not to a redirect's target.
 */
export async function fetchInTime(url: URL, request: Request = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, signal, timeLimits = limits.http, identity } = request;
  const late = new AbortController();
  // Sending takes time, too.
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
        // If reading failed, the text so far is enough.
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

/** Only the time spent waiting for the server counts, not the time for processing a piece. */
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
    // A nested error's text is not repeated.
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

/** fetch's own error says only that it failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error as { cause?: { message?: string; code?: string } };
  return cause === undefined ? error.message : cause.message || cause.code || error.message;
}

/** TLS error codes for a certificate whose signer is not trusted. */
const UNKNOWN_AUTHORITY = new Set([
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_UNTRUSTED', 'UNABLE_TO_GET_ISSUER_CERT'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
]);

/** The problem with the server's certificate, if that is why the connection failed. */
export function certificateTrouble(error: unknown): 'unknown authority' | 'other' | undefined {
  const { code = '', cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const said = String(cause?.code ?? code);
  if (UNKNOWN_AUTHORITY.has(said)) return 'unknown authority';
  return /^(?:CERT_|ERR_TLS_CERT_)/.test(said) ? 'other' : undefined;
}
