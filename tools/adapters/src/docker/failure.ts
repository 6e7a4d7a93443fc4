import { FailureError } from '@slipway/model';
import { type EngineAddress, formatAddress } from './address.ts';

/** Errors of dockerode: an answer of the engine, or a connection error. */
interface EngineError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly json?: { readonly message?: string };
}

const hints: Readonly<Record<string, string>> = {
  EACCES:
    'join the group that owns the socket (usermod -aG docker $USER, then log in again), or name another engine: DOCKER_HOST=…',
  ENOENT: 'install and start one (Debian: apt-get install docker.io), or name one that runs: DOCKER_HOST=…',
  ECONNREFUSED: 'start it (systemctl start docker), or name one that runs: DOCKER_HOST=…',
};

const facts: Readonly<Record<string, string>> = {
  EACCES: 'you may not use its socket',
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'unknown host',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
};

/** The connection to the engine was lost or never existed. */
const lostCodes = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET'];

export const statusOf = (error: unknown): number | undefined => (error as EngineError | undefined)?.statusCode;

/** In one line. */
export const messageOf = (error: unknown): string => {
  const { json, message } = error as EngineError;
  return (json?.message ?? message ?? String(error)).trim().replaceAll(/\s+/g, ' ');
};

/** Converts an error of the engine to a failure; returns other errors unchanged. */
export function failureOfEngine(error: unknown, address: EngineAddress, did: string): unknown {
  if (error instanceof FailureError) return error;
  const { code, statusCode } = error as EngineError;
  if (code !== undefined && lostCodes.includes(code))
    return new FailureError({ code: 'ENGINE_LOST', where: formatAddress(address), did });
  if (code !== undefined && code in facts)
    return new FailureError({
      code: 'NO_ENGINE',
      where: formatAddress(address),
      fact: facts[code]!,
      hint: hints[code] ?? 'check DOCKER_HOST, and that the engine runs there',
    });
  const message = messageOf(error);
  if (/socket hang up|other side closed/.test(message))
    return new FailureError({ code: 'ENGINE_LOST', where: formatAddress(address), did });
  if (/bind source path does not exist|statfs .*: no such file or directory/.test(message))
    return new FailureError({
      code: 'NO_TRANSPORT',
      transport: 'bind',
      fact: 'the engine does not have this tree where it is here',
      hint: 'leave --sync out; slipway then sends the tree',
    });
  if (/no space left on device/i.test(message)) return new FailureError({ code: 'ENGINE_FULL', what: did });
  if (statusCode !== undefined) return new FailureError({ code: 'ENGINE_FAILED', did, fact: message });
  return error;
}
