import * as grpc from '@grpc/grpc-js';
import { limits } from '@slipway/model';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { RemoteCacheError, type RemoteConnection } from './port.ts';

/** The client of one server, and its running calls. They all end when it is closed. */
export interface OpenCalls {
  readonly client: grpc.Client;
  /** The headers of a call. */
  metadata(): grpc.Metadata;
  readonly running: Set<{ cancel(): void }>;
}

export function openCalls(url: URL, options: RemoteConnection): OpenCalls {
  const client = new grpc.Client(url.host, credentialsOf(url, options), {
    'grpc.max_receive_message_length': limits.cache.message,
    'grpc.max_send_message_length': limits.cache.message,
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
  });
  const metadata = (): grpc.Metadata => {
    const result = new grpc.Metadata();
    for (const [name, value] of Object.entries(options.headers)) result.set(name, value);
    return result;
  };
  return { client, metadata, running: new Set() };
}

function credentialsOf(url: URL, { authority, identity }: RemoteConnection): grpc.ChannelCredentials {
  if (url.protocol !== 'grpcs:') return grpc.credentials.createInsecure();
  if (authority === undefined) trustTheMachine();
  return grpc.credentials.createSsl(authority ?? null, identity?.key ?? null, identity?.certificate ?? null);
}

/** Starts a call before its time is counted. A closed client cannot start one, and then there is nothing to end. */
export function begun<T>(begin: () => T): T {
  try {
    return begin();
  } catch (error) {
    throw troubleOf(error);
  }
}

/** Converts an error. A server that is busy, full, or refuses access is not used again in this run. */
export function troubleOf(error: unknown): RemoteCacheError {
  if (error instanceof RemoteCacheError) return error;
  const { code, details } = error as Partial<grpc.ServiceError>;
  if (code === undefined) return new RemoteCacheError(error instanceof Error ? error.message : String(error), true);
  return new RemoteCacheError(
    `${grpc.status[code]}${details ? `: ${details.replace(/\s*Resolution note:\s*$/, '')}` : ''}`,
    code !== grpc.status.NOT_FOUND,
    code,
  );
}
