import type { Agent } from 'node:https';
import type Docker from 'dockerode';
import { type Environment, FailureError } from '@slipway/model';
import { interruptedBy } from '../process/interrupted.ts';
import { type EngineAddress, formatAddress } from './address.ts';
import { failureOfEngine, messageOf } from './failure.ts';
import { openTunnel } from './ssh-tunnel.ts';

export interface Connection {
  readonly docker: Docker;
  readonly address: EngineAddress;
}

/** Milliseconds within which an engine must answer; more than a slow link needs. */
const LONGEST_WAIT = 30_000;
const ASK = 'check DOCKER_HOST, and that the engine runs there: docker version';

/** Connects to an engine that answers. Throws NO_ENGINE and INTERRUPTED. */
export async function connect(
  address: EngineAddress,
  environment: Environment,
  signal: AbortSignal,
): Promise<Connection> {
  // Imported on demand, because loading it takes longer than a whole run without it.
  const { default: Engine } = await import('dockerode');
  const made = (options: Docker.DockerOptions & { agent?: Agent }): Docker => {
    try {
      return new Engine({ ...ofNobody, ...options });
    } catch (error) {
      // It opens the files of DOCKER_CERT_PATH in any case.
      const { path, code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || path === undefined) throw error;
      throw new FailureError({ code: 'FILE_MISSING', path, why: 'DOCKER_CERT_PATH asks for it' });
    }
  };
  if (address.kind === 'socket') return reached(made({ socketPath: address.path }), address, signal);
  if (address.kind === 'tcp') {
    const { host, port, tls } = address;
    if (tls === undefined) return reached(made({ host, port }), address, signal);
    const https = await import('node:https');
    const agent = new https.Agent({ ...tls, keepAlive: true });
    return reached(made({ host, port, protocol: 'https', agent }), address, signal);
  }
  const tunnel = await openTunnel(address, environment, signal);
  return reached(made({ socketPath: tunnel.path }), address, signal, tunnel.said);
}

/** Variables that dockerode reads itself. */
const ofNobody = {
  host: '',
  port: undefined,
  protocol: 'http',
  ca: undefined,
  cert: undefined,
  key: undefined,
  pathPrefix: undefined,
} as Docker.DockerOptions;

/** An engine that never answered cannot be lost. */
async function reached(
  docker: Docker,
  address: EngineAddress,
  signal: AbortSignal,
  said: () => Promise<string> = async () => '',
): Promise<Connection> {
  // It accepts a signal, which its types do not declare.
  const ping = docker.ping as (options: { abortSignal: AbortSignal }) => Promise<unknown>;
  try {
    await ping.call(docker, { abortSignal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT)]) });
    return { docker, address };
  } catch (error) {
    if (signal.aborted) throw interruptedBy(signal);
    const failure = failureOfEngine(error, address, 'it was asked whether it is there');
    const known = failure instanceof FailureError ? failure.failures[0] : undefined;
    const words = await said();
    if (known?.code === 'NO_ENGINE' && words === '') throw failure;
    throw new FailureError({ code: 'NO_ENGINE', where: formatAddress(address), ...whyNot(error, words) });
  }
}

const CERTIFICATES = 'DOCKER_CERT_PATH has to hold ca.pem, cert.pem and key.pem as the engine has them';

/** Messages of TLS from both ends, by error code or text. */
const troubles: readonly { readonly says: RegExp; readonly fact: string; readonly hint: string }[] = [
  {
    says: /VERIFY_LEAF|SELF_SIGNED|GET_ISSUER|CERT_SIGNATURE|CERT_UNTRUSTED/,
    fact: 'its certificate is not signed by ca.pem',
    hint: CERTIFICATES,
  },
  { says: /ALTNAME/, fact: 'its certificate is that of another host', hint: CERTIFICATES },
  { says: /EXPIRED|NOT_YET_VALID/, fact: 'its certificate is not valid today', hint: CERTIFICATES },
  { says: /ALERT/, fact: 'it refuses our certificate', hint: CERTIFICATES },
  { says: /HTTP request to an HTTPS server/, fact: 'it speaks TLS only', hint: `DOCKER_TLS_VERIFY=1; ${CERTIFICATES}` },
  { says: /WRONG_VERSION|packet length/, fact: 'it does not speak TLS', hint: 'DOCKER_TLS_VERIFY= DOCKER_HOST=…' },
  { says: /ABORT_ERR|TimeoutError/, fact: `it does not answer within ${LONGEST_WAIT / 1000} s`, hint: ASK },
];

function whyNot(error: unknown, said: string): { fact: string; hint: string } {
  const { code = '' } = error as { code?: string };
  const trouble = troubles.find(({ says }) => says.test(`${code} ${messageOf(error)}`));
  return trouble ?? { fact: said || messageOf(error), hint: ASK };
}
