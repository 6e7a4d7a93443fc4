import { type FailureError, limits } from '@slipway/model';
import { isRecord, parseStrictJson } from '../manifest/json.ts';
import type { Answer } from '../network/fetch-in-time.ts';
import type { Connection } from './connect.ts';

/** The failure after a refusal: the registry's message, and a hint. */
export async function refusalOf(
  { response, beginning }: Answer,
  { origin, bad }: Pick<Connection, 'origin' | 'bad'>,
): Promise<FailureError> {
  const { host } = new URL(origin);
  const { status } = response;
  const said = wordsOf(await beginning());
  const says = `${host} answers ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 401) return bad(`${host} rejects the password`, logInHint(host));
  if (status === 403)
    return bad(says, `the user who is logged in has no permission: docker login ${host} as another user`);
  return bad(
    says,
    status === 404 ? undefined : 'see the message of the registry; correct that first, then run it again',
  );
}

export const logInHint = (host: string): string => `docker login ${host}, then run it again`;

/** `MANIFEST_INVALID: manifest invalid` for errors of the specification; nothing for any other content. */
function wordsOf(text: string): string {
  const parsed = parseStrictJson(Buffer.from(text), limits.registry);
  const errors = typeof parsed === 'object' && isRecord(parsed.value) ? parsed.value['errors'] : undefined;
  const said = (Array.isArray(errors) ? (errors as unknown[]) : []).filter(isRecord).map(({ code, message }) =>
    [code, message]
      .filter((each) => typeof each === 'string')
      .join(': ')
      .slice(0, 200),
  );
  if (said.length > 0) return [...new Set(said)].slice(0, 3).join('; ');
  return /^\s*[<{[]/.test(text) ? '' : text.trim().split('\n')[0]!.slice(0, 200);
}
