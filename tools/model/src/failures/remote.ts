import type { FailureTexts } from './failure-text.ts';

/** Failures of remote execution. For all but the last, slipway can do the same work on this machine. */
export interface RemoteFailures {
  /** Codes of remote execution begin with REMOTE_. After one of them slipway can do the same work on this machine. */
  REMOTE_UNREACHABLE: { readonly where: string; readonly fact: string; readonly hint?: string };
  REMOTE_REFUSED: { readonly where: string; readonly fact: string; readonly hint: string };
  REMOTE_LOST: { readonly where: string; readonly did: string; readonly attempts: number };
  /** `platform` lists the properties that a worker had to have: `pool=gpu, …`. */
  REMOTE_QUEUE: { readonly where: string; readonly seconds: number; readonly platform: string };
  REMOTE_TIMEOUT: { readonly command: string; readonly seconds: number };
  REMOTE_OUTPUT: { readonly path: string; readonly fact: string; readonly hint: string };
  /** A cluster's result and this machine's result differ. No REMOTE_ code, because local work cannot replace it. */
  CLUSTER_DIFFERS: { readonly path: string; readonly here: string; readonly there: string };
}

export const remoteFailures: FailureTexts<RemoteFailures> = {
  REMOTE_UNREACHABLE: {
    exit: 'toolMissing',
    message: (f) => `no cluster answers at ${f.where}: ${f.fact}`,
    hint: (f) =>
      f.hint ??
      `check the address, the port and the firewall of ${f.where}; for a server with TLS use grpcs://; without --remote slipway builds on this machine`,
  },
  REMOTE_REFUSED: {
    exit: 'failed',
    message: (f) => `the cluster at ${f.where} refused: ${f.fact}`,
    hint: (f) => f.hint,
  },
  REMOTE_LOST: {
    exit: 'failed',
    message: (f) => `the cluster at ${f.where} was lost while ${f.did}, ${f.attempts} times`,
    hint: (f) =>
      `run the same command again, finished steps are kept; slipway remote check ${f.where} tests the cluster`,
  },
  REMOTE_QUEUE: {
    exit: 'failed',
    message: (f) =>
      `no worker of ${f.where} took the step within ${f.seconds} s${f.platform === '' ? '' : `; it needs a worker with ${f.platform}`}`,
    hint: (f) =>
      f.platform === ''
        ? 'start more workers, or ask for fewer jobs at once'
        : 'correct properties of remoteExecution in slipway.config.ts if no worker has them, or start more workers',
  },
  REMOTE_TIMEOUT: {
    exit: 'failed',
    message: (f) => `${f.command} ran on its worker for more than ${f.seconds} s, and the cluster ended it`,
    hint: () => 'without --remote it runs on this machine without such a limit',
  },
  REMOTE_OUTPUT: {
    exit: 'verification',
    message: (f) => `${f.path}, which came from the cluster, is refused: ${f.fact}`,
    hint: (f) => f.hint,
  },
  CLUSTER_DIFFERS: {
    exit: 'verification',
    message: (f) => `${f.path} has other bytes from the cluster (${f.there}) than from this machine (${f.here})`,
    hint: () =>
      'build without --remote, and compare the Go and the machine of the workers with those here: slipway remote check',
  },
};
