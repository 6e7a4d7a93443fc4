import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, FailureError } from '@slipway/model';

/** The place of an engine, and the connection to it. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: TlsFiles | undefined }
  | {
      readonly kind: 'ssh';
      readonly destination: string;
      readonly port: string | undefined;
      /** The engine's socket, on its machine. */
      readonly socket: string;
    };

/** The texts of the files. A context may lack some. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * By the docker command's rules: DOCKER_HOST, else the context DOCKER_CONTEXT or that of the settings, else the first
 * accessible of the usual socket, rootless Docker's, and podman's.
 */
export function engineAddress(environment: Environment): EngineAddress {
  const given = environment['DOCKER_HOST'];
  if (given) return parseAddress(given, 'DOCKER_HOST', () => tlsOfEnvironment(environment));
  const context = environment['DOCKER_CONTEXT'] || currentContext(environment);
  if (context !== undefined && context !== 'default') return contextAddress(context, environment);
  const runtime = environment['XDG_RUNTIME_DIR'];
  const sockets = [
    DEFAULT_SOCKET,
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  const path = sockets.find(mayUse) ?? sockets.find((each) => existsSync(each)) ?? DEFAULT_SOCKET;
  return { kind: 'socket', path };
}

/** A user with a private engine may have no permission for the machine's. */
function mayUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export const formatAddress = (address: EngineAddress): string => {
  if (address.kind === 'socket') return `unix://${address.path}`;
  if (address.kind === 'ssh')
    return `ssh://${address.destination}${address.port === undefined ? '' : `:${address.port}`}`;
  return `tcp://${address.host}:${address.port}`;
};

function parseAddress(text: string, variable: string, readTls: () => TlsFiles | undefined): EngineAddress {
  const refused = (): FailureError =>
    new FailureError({
      code: 'BAD_VALUE',
      variable,
      value: text,
      expected: 'unix:///path, tcp://host:port or ssh://user@host',
    });
  if (text.startsWith('unix://')) return { kind: 'socket', path: text.slice('unix://'.length) };
  if (text.startsWith('/')) return { kind: 'socket', path: text };
  if (!URL.canParse(text)) throw refused();
  const url = new URL(text);
  if (url.hostname === '') throw refused();
  if (url.protocol === 'ssh:') {
    const user = url.username === '' ? '' : `${url.username}@`;
    return {
      kind: 'ssh',
      destination: `${user}${url.hostname}`,
      port: url.port || undefined,
      socket: url.pathname.length > 1 ? url.pathname : DEFAULT_SOCKET,
    };
  }
  if (url.protocol !== 'tcp:') throw refused();
  const tls = readTls();
  return {
    kind: 'tcp',
    // For an IPv6 address, without its brackets.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (tls === undefined ? 2375 : 2376)),
    tls,
  };
}

function tlsOfEnvironment(environment: Environment): TlsFiles | undefined {
  if (!environment['DOCKER_TLS_VERIFY'] && !environment['DOCKER_TLS']) return undefined;
  const directory = environment['DOCKER_CERT_PATH'] || dockerDirectory(environment);
  const read = (name: string): string => {
    const path = join(directory, name);
    try {
      return readFileSync(path, 'utf8');
    } catch {
      const why = 'DOCKER_TLS_VERIFY asks for the certificates of DOCKER_CERT_PATH';
      throw new FailureError({ code: 'FILE_MISSING', path, why });
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

const dockerDirectory = (environment: Environment): string =>
  environment['DOCKER_CONFIG'] || join(environment['HOME'] ?? '/', '.docker');

function currentContext(environment: Environment): string | undefined {
  try {
    const text = readFileSync(join(dockerDirectory(environment), 'config.json'), 'utf8');
    return (JSON.parse(text) as { currentContext?: string }).currentContext || undefined;
  } catch {
    return undefined;
  }
}

interface Endpoint {
  readonly Host?: string;
  readonly SkipTLSVerify?: boolean;
}

/** Contexts are stored below a digest of their names, their certificates in a separate directory. */
function contextAddress(name: string, environment: Environment): EngineAddress {
  const digest = createHash('sha256').update(name).digest('hex');
  const contexts = join(dockerDirectory(environment), 'contexts');
  const endpoint = readEndpoint(join(contexts, 'meta', digest, 'meta.json'));
  if (endpoint?.Host === undefined)
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'DOCKER_CONTEXT',
      value: name,
      expected: 'a context that docker context ls shows',
    });
  const { Host, SkipTLSVerify } = endpoint;
  const directory = join(contexts, 'tls', digest, 'docker');
  return parseAddress(Host, 'DOCKER_CONTEXT', () => {
    const files = ['ca', 'cert', 'key'].filter((each) => existsSync(join(directory, `${each}.pem`)));
    if (files.length === 0) return undefined;
    const texts = files.map((each) => [each, readFileSync(join(directory, `${each}.pem`), 'utf8')] as const);
    return { ...Object.fromEntries(texts), ...(SkipTLSVerify === true ? { rejectUnauthorized: false } : {}) };
  });
}

function readEndpoint(file: string): Endpoint | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { Endpoints?: { docker?: Endpoint } }).Endpoints?.docker;
  } catch {
    return undefined;
  }
}
