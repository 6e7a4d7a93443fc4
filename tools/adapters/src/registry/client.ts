import { setTimeout } from 'node:timers/promises';
import { type Answer, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { type Asking, connect, refuseCertificate } from './connect.ts';
import { logIn } from './log-in.ts';
import { refusalOf } from './refusal.ts';
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
  readonly origin: string;
  /** Any answer below 500, but not 401 or 429. */
  send(request: RegistryRequest): Promise<Answer>;
  /** The same when it has to be a good one. */
  get(path: string, accept?: string): Promise<Answer>;
}

export async function registryClient({ host, repository }: Reference, asking: Asking): Promise<RegistryClient> {
  const connection = await connect(host, asking);
  const { origin, signal, timeLimits, bad } = connection;
  let authorization: string | undefined;

  const once = ({ method, to, headers, body }: RegistryRequest): Promise<Answer> => {
    const url = to instanceof URL ? to : new URL(`${origin}/v2/${repository}/${to}`);
    // What one registry was told is told to no other server, and what it is known by holds for no other.
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
