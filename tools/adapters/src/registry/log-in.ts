import { limits } from '@slipway/model';
import { isRecord, parseStrictJson } from '../manifest/json.ts';
import { type Answer, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { type Connection, refuseCertificate } from './connect.ts';
import type { Credentials } from './credentials.ts';
import { logInHint } from './refusal.ts';

/**
 * The registry's challenge: it requires the password itself, or a token that its realm gives for the password. The
 * registry names the realm, `Bearer realm="https://…",service="…",scope="…"`, so a hostile one could direct a password
 * anywhere.
 */
export async function logIn({ response }: Answer, connection: Connection): Promise<string> {
  const { bad, origin } = connection;
  const { host } = new URL(origin);
  const header = response.headers.get('www-authenticate') ?? '';
  await response.body?.cancel();
  const credentials = await connection.credentialsOf(origin);
  if (/^basic /i.test(header) && credentials !== undefined) return `Basic ${credentials}`;
  const fields = new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1]!, match[2]!]));
  const realm = URL.parse(fields.get('realm') ?? '');
  if (!/^bearer /i.test(header) || realm === null) throw bad('authentication required', logInHint(host));
  const told = await whatRealmIsTold(realm, connection);
  const service = fields.get('service');
  if (service !== undefined) realm.searchParams.set('service', service);
  // Two repositories if a blob is mounted from another one.
  for (const scope of fields.get('scope')?.split(' ') ?? []) realm.searchParams.append('scope', scope);
  return `Bearer ${await askForToken(realm, told, connection)}`;
}

/**
 * The registry's password is sent to a realm only over TLS and only in the same site, such as auth.images.example for
 * registry.images.example. Another realm gets only credentials that the user stored for that host.
 */
async function whatRealmIsTold(realm: URL, connection: Connection): Promise<Credentials | undefined> {
  const { bad, credentialsOf, origin } = connection;
  if (realm.origin === origin) return credentialsOf(origin);
  if (realm.protocol !== 'https:') throw bad(`it asks for a login at ${realm.origin}, which is not https`);
  const own = await credentialsOf(realm.origin);
  if (own !== undefined) return own;
  const credentials = await credentialsOf(origin);
  if (credentials === undefined || siteOf(realm) === siteOf(new URL(origin))) return credentials;
  throw bad(
    `it asks to send its password to ${realm.origin}, which is another site; if that is right, put an entry for ${realm.host} into docker's config.json`,
  );
}

/**
 * The last two labels of a host, or three if the second one looks like a suffix below which anybody may have a name
 * (co.uk). This does not use the list of such suffixes. Two hosts that it takes for different sites are only refused.
 */
export function siteOf({ hostname }: URL): string {
  const labels = hostname.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  // Each IP address is a site of its own.
  if (/^\d*$/.test(top) || hostname.startsWith('[')) return hostname;
  return labels.slice(top.length === 2 && second.length <= 3 ? -3 : -2).join('.');
}

async function askForToken(realm: URL, credentials: Credentials | undefined, connection: Connection): Promise<string> {
  const { signal, timeLimits, bad, origin } = connection;
  const { host } = new URL(origin);
  const identity = realm.origin === origin ? connection.identity : undefined;
  const headers = credentials === undefined ? {} : { authorization: `Basic ${credentials}` };
  const read = async (): Promise<Answer | Buffer> => {
    const answer = await fetchInTime(realm, { signal, timeLimits, headers, identity });
    if (answer.response.ok) return answer.bytes(limits.registry.token);
    await answer.response.body?.cancel();
    return answer;
  };
  const found = await read().catch((error: unknown) => {
    signal.throwIfAborted();
    refuseCertificate(error, { ...connection, origin: realm.origin });
    throw bad(`its token server ${realm.origin}: ${reasonOf(error)}`);
  });
  if (!Buffer.isBuffer(found)) {
    const { status } = found.response;
    if (credentials !== undefined && status === 401) throw bad(`${realm.host} rejects the password`, logInHint(host));
    throw bad(`authentication required: ${realm.origin} answers ${status}`, logInHint(host));
  }
  const parsed = parseStrictJson(found, limits.registry);
  const said = typeof parsed === 'string' ? {} : isRecord(parsed.value) ? parsed.value : {};
  const token = said['token'] ?? said['access_token'];
  // The token becomes a header.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw bad(`${realm.origin} gives no token`);
  return token;
}
