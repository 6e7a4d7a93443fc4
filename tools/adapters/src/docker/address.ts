import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, FailureError } from '@slipway/model';

/** Where an engine is, and how one gets there. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: TlsFiles | undefined }
  | { readonly kind: 'ssh'; readonly destination: string; readonly port: string | undefined };

export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * As the docker command finds it: DOCKER_HOST, else the context DOCKER_CONTEXT or the settings name, else the usual socket,
 * that of rootless Docker, or podman's.
 */
export function engineAddress(environment: Environment): EngineAddress {
  const given = environment['DOCKER_HOST'];
  if (given) return parseAddress(given, environment, 'DOCKER_HOST');
  const context = environment['DOCKER_CONTEXT'] || currentContext(environment);
  if (context !== undefined && context !== 'default')
    return parseAddress(contextHost(context, environment), environment, 'DOCKER_CONTEXT');
  const runtime = environment['XDG_RUNTIME_DIR'];
  const sockets = [
    DEFAULT_SOCKET,
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  return { kind: 'socket', path: sockets.find((path) => existsSync(path)) ?? DEFAULT_SOCKET };
}

export const formatAddress = (address: EngineAddress): string => {
  if (address.kind === 'socket') return `unix://${address.path}`;
  return address.kind === 'ssh' ? `ssh://${address.destination}` : `tcp://${address.host}:${address.port}`;
};

function parseAddress(text: string, environment: Environment, variable: string): EngineAddress {
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
    return { kind: 'ssh', destination: `${user}${url.hostname}`, port: url.port || undefined };
  }
  if (url.protocol !== 'tcp:') throw refused();
  const tls = Boolean(environment['DOCKER_TLS_VERIFY']) || Boolean(environment['DOCKER_TLS']);
  return {
    kind: 'tcp',
    host: url.hostname,
    port: Number(url.port || (tls ? 2376 : 2375)),
    tls: tls ? readTls(environment, variable) : undefined,
  };
}

function readTls(environment: Environment, variable: string): TlsFiles {
  const directory = environment['DOCKER_CERT_PATH'] || dockerDirectory(environment);
  const read = (name: string): string => {
    try {
      return readFileSync(join(directory, name), 'utf8');
    } catch {
      throw new FailureError({
        code: 'FILE_MISSING',
        path: join(directory, name),
        why: `${variable} with DOCKER_TLS_VERIFY needs the certificates of DOCKER_CERT_PATH`,
      });
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

/** Contexts lie below a digest of their names. */
function contextHost(name: string, environment: Environment): string {
  const digest = createHash('sha256').update(name).digest('hex');
  const file = join(dockerDirectory(environment), 'contexts/meta', digest, 'meta.json');
  try {
    const meta = JSON.parse(readFileSync(file, 'utf8')) as { Endpoints?: { docker?: { Host?: string } } };
    const host = meta.Endpoints?.docker?.Host;
    if (host !== undefined) return host;
  } catch {
    // Told below.
  }
  throw new FailureError({
    code: 'BAD_VALUE',
    variable: 'DOCKER_CONTEXT',
    value: name,
    expected: 'a context that docker context ls shows',
  });
}
