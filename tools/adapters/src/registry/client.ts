import { setTimeout } from 'node:timers/promises';
import type { FailureError } from '@slipway/model';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import type { Credentials } from './credentials.ts';
import type { Reference } from './reference.ts';

/** Milliseconds before each further try; then it is given up. */
const PAUSES = [250, 1000, 4000];

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  /** Of the repository (`blobs/sha256:…`), or where the registry said. */
  readonly to: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Answers of one repository: logs in where that is wanted, and tries again where that may help. */
export interface RegistryClient {
  /** Any answer below 500, but not 429. */
  send(request: RegistryRequest): Promise<Response>;
  /** The same when it has to be a good one. */
  get(path: string, accept?: string): Promise<Response>;
}

export interface Asking {
  readonly signal: AbortSignal;
  /** Of the registry's host, if somebody logged in. */
  readonly credentials: Credentials | undefined;
  bad(fact: string): FailureError;
}

export function registryClient({ origin, repository }: Reference, asking: Asking): RegistryClient {
  const { signal, bad } = asking;
  if (origin.startsWith('https:')) trustTheMachine();
  let authorization: string | undefined;
  const once = ({ method, to, headers, body }: RegistryRequest): Promise<Response> => {
    const url = to instanceof URL ? to : new URL(`${origin}/v2/${repository}/${to}`);
    // What one registry was told is told to no other server.
    const login = authorization === undefined || url.origin !== origin ? {} : { authorization };
    return fetch(url, { method, signal, headers: { ...headers, ...login }, ...(body === undefined ? {} : { body }) });
  };
  const send = async (request: RegistryRequest): Promise<Response> => {
    let refused = false;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await once(request).catch((error: unknown) => {
        signal.throwIfAborted();
        return error instanceof Error ? reasonOf(error) : String(error);
      });
      if (typeof answer !== 'string' && answer.status === 401 && !refused) {
        refused = true;
        authorization = await logIn(answer, asking);
        continue;
      }
      if (typeof answer !== 'string' && answer.status < 500 && answer.status !== 429) return answer;
      if (typeof answer !== 'string') await answer.body?.cancel();
      const pause = PAUSES[attempt];
      if (pause === undefined)
        throw bad(
          typeof answer === 'string' ? `${origin} does not answer: ${answer}` : `${origin} answers ${answer.status}`,
        );
      await setTimeout(pause, undefined, { signal });
    }
  };
  return {
    send,
    async get(path, accept) {
      const answer = await send({ method: 'GET', to: path, ...(accept === undefined ? {} : { headers: { accept } }) });
      if (answer.ok) return answer;
      await answer.body?.cancel();
      throw bad(`${origin} answers ${answer.status}`);
    },
  };
}

/** fetch itself says only that it failed. */
const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message);

/** `Bearer realm="https://…",service="…",scope="…"`, or `Basic realm="…"`. */
async function logIn(refused: Response, { signal, credentials, bad }: Asking): Promise<string> {
  const header = refused.headers.get('www-authenticate') ?? '';
  await refused.body?.cancel();
  const basic = credentials === undefined ? undefined : `Basic ${credentials}`;
  if (/^basic /i.test(header) && basic !== undefined) return basic;
  const fields = new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]));
  const realm = fields.get('realm');
  if (!/^bearer /i.test(header) || realm === undefined || !URL.canParse(realm)) throw bad('it is not for everybody');
  const url = new URL(realm);
  const service = fields.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  // Two repositories, where a blob is taken over from another one.
  for (const scope of fields.get('scope')?.split(' ') ?? []) url.searchParams.append('scope', scope);
  const answer = await fetch(url, { signal, ...(basic === undefined ? {} : { headers: { authorization: basic } }) });
  if (!answer.ok) throw bad(`it is not for everybody: ${url.origin} answers ${answer.status}`);
  const { token, access_token: other } = (await answer.json()) as { token?: string; access_token?: string };
  const found = token ?? other;
  if (found === undefined) throw bad(`${url.origin} gives no token`);
  return `Bearer ${found}`;
}
