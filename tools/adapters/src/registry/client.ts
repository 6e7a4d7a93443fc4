import { setTimeout } from 'node:timers/promises';
import { FailureError } from '@slipway/model';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import type { Reference } from './reference.ts';

/** Milliseconds before each further try; then it is given up. */
const PAUSES = [250, 1000, 4000];

/** Answers of one repository: logs in as nobody where a token is wanted, and tries again where that may help. */
export interface RegistryClient {
  get(path: string, accept?: string): Promise<Response>;
}

export function registryClient({ origin, repository }: Reference, image: string, signal: AbortSignal): RegistryClient {
  if (origin.startsWith('https:')) trustTheMachine();
  let token: string | undefined;
  const bad = (fact: string): FailureError => new FailureError({ code: 'BAD_IMAGE', image, fact });
  const once = (path: string, accept?: string): Promise<Response> =>
    fetch(`${origin}/v2/${repository}/${path}`, {
      signal,
      headers: {
        ...(accept === undefined ? {} : { accept }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  return {
    async get(path, accept) {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await once(path, accept).catch((error: unknown) => {
          signal.throwIfAborted();
          return error instanceof Error ? reasonOf(error) : String(error);
        });
        if (typeof answer !== 'string' && answer.ok) return answer;
        if (typeof answer !== 'string') await answer.body?.cancel();
        if (typeof answer !== 'string' && answer.status === 401 && token === undefined) {
          token = await fetchToken(answer, { signal, bad });
          continue;
        }
        const fact =
          typeof answer === 'string' ? `${origin} does not answer: ${answer}` : `${origin} answers ${answer.status}`;
        const pause = PAUSES[attempt];
        if (pause === undefined || (typeof answer !== 'string' && answer.status < 500 && answer.status !== 429))
          throw bad(fact);
        await setTimeout(pause, undefined, { signal });
      }
    },
  };
}

/** fetch itself says only that it failed. */
const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message);

interface Asking {
  readonly signal: AbortSignal;
  bad(fact: string): FailureError;
}

/** `Bearer realm="https://…",service="…",scope="…"` */
async function fetchToken(refused: Response, { signal, bad }: Asking): Promise<string> {
  const header = refused.headers.get('www-authenticate') ?? '';
  const fields = new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]));
  const realm = fields.get('realm');
  if (!/^bearer /i.test(header) || realm === undefined || !URL.canParse(realm)) throw bad('it is not for everybody');
  const url = new URL(realm);
  for (const name of ['service', 'scope']) if (fields.has(name)) url.searchParams.set(name, fields.get(name)!);
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw bad(`it is not for everybody: ${url.origin} answers ${answer.status}`);
  const { token, access_token: other } = (await answer.json()) as { token?: string; access_token?: string };
  const found = token ?? other;
  if (found === undefined) throw bad(`${url.origin} gives no token`);
  return found;
}
