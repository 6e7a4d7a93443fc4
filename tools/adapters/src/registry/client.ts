import { setTimeout } from 'node:timers/promises';
import { type Answer, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { type Asking, logIn } from './log-in.ts';
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
  send(request: RegistryRequest): Promise<Answer>;
  /** The same when it has to be a good one. */
  get(path: string, accept?: string): Promise<Answer>;
}

export function registryClient({ origin, repository }: Reference, asking: Asking): RegistryClient {
  const { signal, timeLimits, bad } = asking;
  if (origin.startsWith('https:')) trustTheMachine();
  let authorization: string | undefined;
  const once = ({ method, to, headers, body }: RegistryRequest): Promise<Answer> => {
    const url = to instanceof URL ? to : new URL(`${origin}/v2/${repository}/${to}`);
    // What one registry was told is told to no other server.
    const login = authorization === undefined || url.origin !== origin ? {} : { authorization };
    const all = { ...headers, ...login };
    return fetchInTime(url, { method, signal, timeLimits, headers: all, ...(body === undefined ? {} : { body }) });
  };
  const send = async (request: RegistryRequest): Promise<Answer> => {
    let refused = false;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await once(request).catch((error: unknown) => {
        signal.throwIfAborted();
        return reasonOf(error);
      });
      const status = typeof answer === 'string' ? undefined : answer.response.status;
      if (typeof answer !== 'string' && status === 401 && !refused) {
        refused = true;
        authorization = await logIn(answer, origin, asking);
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
    send,
    async get(path, accept) {
      const answer = await send({ method: 'GET', to: path, ...(accept === undefined ? {} : { headers: { accept } }) });
      if (answer.response.ok) return answer;
      await answer.response.body?.cancel();
      throw bad(`${origin} answers ${answer.response.status}`);
    },
  };
}
