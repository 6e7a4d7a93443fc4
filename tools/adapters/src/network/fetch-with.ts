import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** Trusted certificates and a client certificate for one server: PEM. */
export interface TlsIdentity {
  readonly ca: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

export interface Fetching {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** The same limit as fetch. */
const REDIRECTS = 20;

/**
 * fetch with certificates for one server; fetch itself has only process-wide ones. After a redirect, the other server
 * gets neither the certificates nor the credentials.
 */
export async function fetchWith(identity: TlsIdentity, url: URL, fetching: Fetching, hops = 0): Promise<Response> {
  const answer = await send(identity, url, fetching);
  const { statusCode: status = 0, headers } = answer;
  const to = status >= 300 && status < 400 ? URL.parse(headers.location ?? '', url.href) : null;
  if (to !== null && ['GET', 'HEAD'].includes(fetching.method) && hops < REDIRECTS) {
    answer.resume();
    if (to.origin === url.origin) return fetchWith(identity, to, fetching, hops + 1);
    const told = Object.entries(fetching.headers).filter(([name]) => name.toLowerCase() !== 'authorization');
    return fetch(to, { method: fetching.method, signal: fetching.signal, headers: Object.fromEntries(told) });
  }
  const given = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((each): [string, string] => [name, each]),
  );
  const empty = fetching.method === 'HEAD' || status === 204 || status === 304;
  if (empty) answer.resume();
  return new Response(empty ? null : (Readable.toWeb(answer) as unknown as ReadableStream), { status, headers: given });
}

async function send(
  identity: TlsIdentity,
  url: URL,
  { method, headers, body, signal }: Fetching,
): Promise<IncomingMessage> {
  const { request } = await import('node:https');
  return new Promise((done, fail) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const options = { ...identity, ca: [...identity.ca], method, headers: { ...headers, ...length }, signal };
    request(url, options, done).on('error', fail).end(body);
  });
}
