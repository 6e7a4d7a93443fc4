import { setTimeout } from 'node:timers/promises';
import { type Answer, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { type Asking, connect, refuseCertificate } from './connect.ts';
import { logIn } from './log-in.ts';
import { refusalOf } from './refusal.ts';
import type { Reference } from './reference.ts';

/** Milliseconds before each retry. After the last one the request fails. */
const PAUSES = [250, 1000, 4000];

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  /** Relative to the repository (`blobs/sha256:…`), or a URL from the registry. */
  readonly to: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends requests to one repository. It logs in on demand, and retries after temporary errors. */
export interface RegistryClient {
  readonly origin: string;
  /** Returns any answer below 500, except 401 and 429. */
  send(request: RegistryRequest): Promise<Answer>;
  /** Like `send`, but throws unless the answer is a success. */
  get(path: string, accept?: string): Promise<Answer>;
}

export async function registryClient({ host, repository }: Reference, asking: Asking): Promise<RegistryClient> {
  const connection = await connect(host, asking);
  const { origin, signal, timeLimits, bad } = connection;
  let authorization: string | undefined;

  const once = ({ method, to, headers, body }: RegistryRequest): Promise<Answer> => {
    const url = to instanceof URL ? to : new URL(`${origin}/v2/${repository}/${to}`);
    // The token and the certificates of one registry are used for no other server.
    const own = url.origin === origin;
    const all = { ...headers, ...(authorization === undefined || !own ? {} : { authorization }) };
    const identity = own ? connection.identity : undefined;
    return fetchInTime(url, { method, signal, timeLimits, identity, headers: all, ...(body && { body }) });
  };

  const send = async (request: RegistryRequest): Promise<Answer> => {
    let refused = false;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await once(request).catch((error: unknown) => {
        signal.throwIfAborted();
        refuseCertificate(error, connection);
        return reasonOf(error);
      });
      const status = typeof answer === 'string' ? undefined : answer.response.status;
      if (typeof answer !== 'string' && status === 401) {
        if (refused) throw await refusalOf(answer, connection);
        refused = true;
        authorization = await logIn(answer, connection);
        continue;
      }
      if (typeof answer !== 'string' && status! < 500 && status !== 429) return answer;
      if (typeof answer !== 'string') await answer.response.body?.cancel();
      const pause = PAUSES[attempt];
      if (pause === undefined)
        throw bad(typeof answer === 'string' ? `${origin} does not answer: ${answer}` : `${origin} answers ${status}`);
      await setTimeout(pause, undefined, { signal });
    }
  };

  return {
    origin,
    send,
    async get(path, accept) {
      const answer = await send({ method: 'GET', to: path, ...(accept === undefined ? {} : { headers: { accept } }) });
      if (answer.response.ok) return answer;
      throw await refusalOf(answer, connection);
    },
  };
}
