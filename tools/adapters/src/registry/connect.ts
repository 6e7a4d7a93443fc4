import type { Environment, FailureError } from '@slipway/model';
import { type TimeLimits, certificateTrouble, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import type { TlsIdentity } from '../network/fetch-with.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { certificatePlaces, certificatesOf } from './certificates.ts';
import { type Credentials, credentialsOf } from './credentials.ts';

export interface Asking {
  readonly signal: AbortSignal;
  readonly timeLimits?: TimeLimits | undefined;
  readonly environment: Environment;
  /** The failure for a refused connection; `hint` replaces the usual one. */
  bad(fact: string, hint?: string): FailureError;
}

/** A connected registry. */
export interface Connection extends Asking {
  /** `https://registry.example` */
  readonly origin: string;
  readonly identity: TlsIdentity | undefined;
  /** Credentials of an origin, if the user logged in there. */
  credentialsOf(origin: string): Promise<Credentials | undefined>;
}

const isLoopback = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+)(?::|$)/.test(host);

/** Without TLS only on this machine, and only if nothing there speaks TLS. */
export async function connect(host: string, asking: Asking): Promise<Connection> {
  trustTheMachine();
  const identity = await certificatesOf(host, asking.environment);
  const secure: Connection = {
    ...asking,
    origin: `https://${host}`,
    identity,
    credentialsOf: (origin) => credentialsOf(origin, asking.environment),
  };
  return !isLoopback(host) || (await speaksTls(secure)) ? secure : { ...secure, origin: `http://${host}` };
}

async function speaksTls(connection: Connection): Promise<boolean> {
  const { origin, identity, signal, timeLimits } = connection;
  try {
    const { response } = await fetchInTime(new URL(`${origin}/v2/`), { identity, signal, timeLimits });
    await response.body?.cancel();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    refuseCertificate(error, connection);
    return false;
  }
}

/** Throws if the server's certificate is the problem, because a retry would not help. */
export function refuseCertificate(error: unknown, { origin, environment, bad }: Connection): void {
  const trouble = certificateTrouble(error);
  if (trouble === undefined) return;
  const { host } = new URL(origin);
  const place = `${certificatePlaces(environment)[0]}/${host}/ca.crt`;
  if (trouble === 'other')
    throw bad(`the certificate of ${host} is not valid for it: ${reasonOf(error)}`, 'ask who runs it');
  throw bad(
    `an unknown authority signed the certificate of ${host}: ${reasonOf(error)}`,
    `if you know who did, put that certificate into ${place}, or name it with SSL_CERT_FILE`,
  );
}
