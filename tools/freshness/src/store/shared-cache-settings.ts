import { type KeyObject, createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Environment, FailureError } from '@slipway/model';

/** A cache shared with other machines, and which of its records are trusted. */
export interface SharedCacheSettings {
  readonly url: string;
  readonly writes: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly authority: Buffer | undefined;
  /** The client certificate for a server that requires one. */
  readonly identity: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
  /** Maximum milliseconds lost by waiting for it. */
  readonly latencyBudget: number;
  /** The scope for unsigned records. */
  readonly scope: string;
  /** Signs written records. */
  readonly signer: KeyObject | undefined;
  /** The trusted signers. */
  readonly trusted: readonly KeyObject[];
}

/** The cache settings of slipway.config.ts. The environment overrides them. */
export interface SharedCacheConfig {
  readonly url?: string | undefined;
  readonly trusted?: readonly string[] | undefined;
}

/** The trusted writers, with or without a shared cache. Throws BAD_VALUE. */
export function writersOf(
  environment: Environment,
  config: SharedCacheConfig = {},
): Pick<SharedCacheSettings, 'signer' | 'trusted'> {
  const signer = fileOf(environment, '_KEY', (text) => createPrivateKey(text));
  const trusted = (environment[`${PREFIX}_TRUST`]?.split(/\s+/) ?? config.trusted ?? []).filter(Boolean);
  return {
    signer,
    trusted: [...(signer === undefined ? [] : [createPublicKey(signer)]), ...trusted.map(publicKey)],
  };
}

/** Undefined: no shared cache. Throws BAD_VALUE, and BAD_USAGE for a secret that would go to the tree's address. */
export function sharedCacheSettings(
  environment: Environment,
  config: SharedCacheConfig = {},
): SharedCacheSettings | undefined {
  const url = environment[PREFIX] ?? config.url ?? '';
  if (url === '' || url === 'off') return undefined;
  if (!/^grpcs?:\/\/[^/]+:\d+(\/.*)?$/.test(url))
    throw bad('', url, 'grpc://host:port or grpcs://host:port, with an instance name after a slash if there is one');
  const mode = environment[`${PREFIX}_MODE`] || 'read-write';
  if (mode !== 'read-write' && mode !== 'read-only') throw bad('_MODE', mode, 'read-write or read-only');
  const scope = environment[`${PREFIX}_SCOPE`] || 'shared';
  if (!/^[\w.-]+$/.test(scope)) throw bad('_SCOPE', scope, 'letters, digits, dots and dashes');
  const latencyBudget = environment[`${PREFIX}_PATIENCE`] || '500';
  if (!/^\d{1,6}$/.test(latencyBudget)) throw bad('_PATIENCE', latencyBudget, 'milliseconds');
  if (environment[PREFIX] === undefined) keepSecrets(environment, url);
  const { headers, authority, identity } = connectionOf(environment, PREFIX);
  if (Object.keys(headers).length > 0) keepFromWire(url, PREFIX);
  return {
    url,
    writes: mode === 'read-write',
    headers,
    authority,
    identity,
    latencyBudget: Number(latencyBudget),
    scope,
    ...writersOf(environment, config),
  };
}

const PREFIX = 'SLIPWAY_REMOTE_CACHE';
const EXECUTION = 'SLIPWAY_REMOTE_EXECUTION';

type Connecting = Pick<SharedCacheSettings, 'headers' | 'authority' | 'identity'>;

/**
 * The credentials and trust settings for a cluster. With `isNamedByTree` it gets no secret. Throws BAD_VALUE,
 * BAD_USAGE.
 */
export function clusterConnection(
  environment: Environment,
  urls: readonly string[],
  isNamedByTree: boolean,
): Connecting {
  if (isNamedByTree) keepSecrets(environment, urls.join(','), EXECUTION, '--remote URL');
  const connection = connectionOf(environment, EXECUTION);
  if (Object.keys(connection.headers).length > 0) for (const url of urls) keepFromWire(url, EXECUTION);
  return connection;
}

const connectionOf = (environment: Environment, prefix: Prefix): Connecting => ({
  headers: headersOf(environment[`${prefix}_HEADERS`] ?? '', prefix),
  authority: fileOf(environment, '_CA', (text) => Buffer.from(text), prefix),
  identity: identityOf(environment, prefix),
});

type Prefix = typeof PREFIX | typeof EXECUTION;

/** Secrets in the environment are for one address only, because the author of a tree may name any other address. */
function keepSecrets(
  environment: Environment,
  url: string,
  prefix: Prefix = PREFIX,
  way = `${PREFIX}=${url}; else ${PREFIX}=off`,
): void {
  const secret = ['_HEADERS', '_KEY', '_CLIENT_CERTIFICATE', '_CLIENT_KEY'].find((name) => environment[prefix + name]);
  if (secret === undefined) return;
  throw new FailureError({
    code: 'BAD_USAGE',
    fact: `${prefix}${secret} is for an address ${prefix === PREFIX ? 'the environment names' : 'the command line names'}, and slipway.config.ts names ${url}`,
    hint: `if you trust it: ${way}`,
  });
}

function keepFromWire(url: string, prefix: Prefix): void {
  const { protocol, hostname } = new URL(url);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  if (protocol === 'grpcs:' || isHere) return;
  throw new FailureError({
    code: 'BAD_USAGE',
    fact: `${prefix}_HEADERS would be sent in the clear to ${url}`,
    hint: `take grpcs://…, which is TLS; grpc:// with headers is for a server of this machine`,
  });
}

const bad = (name: string, value: string, expected: string, prefix: Prefix = PREFIX): FailureError =>
  new FailureError({ code: 'BAD_VALUE', variable: `${prefix}${name}`, value, expected });

/** An Ed25519 key as `slipway cache key` prints it. */
function publicKey(text: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw bad('_TRUST', text, 'public keys as slipway cache key FILE prints them');
  }
}

/** The name of a key in scopes and records. */
export const fingerprint = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);

function identityOf(environment: Environment, prefix: Prefix): SharedCacheSettings['identity'] {
  const certificate = fileOf(environment, '_CLIENT_CERTIFICATE', (text) => Buffer.from(text), prefix);
  const key = fileOf(environment, '_CLIENT_KEY', (text) => (createPrivateKey(text), Buffer.from(text)), prefix);
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (certificate !== undefined) throw bad('_CLIENT_KEY', '', 'the key of the client certificate, too', prefix);
  if (key !== undefined) throw bad('_CLIENT_CERTIFICATE', '', 'the certificate of the client key, too', prefix);
  return undefined;
}

function fileOf<T>(
  environment: Environment,
  name: string,
  read: (text: string) => T,
  prefix: Prefix = PREFIX,
): T | undefined {
  const path = environment[prefix + name];
  if (path === undefined || path === '') return undefined;
  try {
    return read(readFileSync(path, 'utf8'));
  } catch (error) {
    throw bad(name, path, `a file in PEM; ${error instanceof Error ? error.message : String(error)}`, prefix);
  }
}

/** `name: value`, one on each line. */
function headersOf(text: string, prefix: Prefix): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const colon = line.indexOf(':');
      if (line.trim() === '') return [];
      if (colon < 1) throw bad('_HEADERS', '***', 'lines of the form name: value', prefix);
      return [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
    }),
  );
}
