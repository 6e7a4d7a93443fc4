import { type Status, status } from '../remote-cache/status.ts';
import { FailureError } from '@slipway/model';
import { type Connection, connect } from '../remote-cache/connection.ts';
import type { LatencyBudget } from '../remote-cache/latency-budget.ts';
import { type RemoteConnection, RemoteCacheError } from '../remote-cache/port.ts';
import { countdown } from '../remote-cache/watch-progress.ts';
import { orGivenUp } from './given-up.ts';
import { type Patience, patienceWith, persistently, troubleIn } from './retry.ts';

/**
 * Maximum milliseconds of one call, or of one piece of a stream. An early end would gain nothing, because the answer is
 * needed.
 */
const ANSWER = 60_000;
/** The same for a server that has never answered. */
const FIRST_ANSWER = 10_000;
/** A slower transfer counts as stopped. */
const BYTES_PER_SECOND = 32 * 1024;

/** Each call has its own limit, because a server that was late once may recover. */
const patient: LatencyBudget = { wait: (end) => countdown(ANSWER, end), brought() {}, lost: 0 };

/** A server of a cluster, and whether it has ever answered. */
export interface Server {
  readonly url: string;
  readonly connection: Connection;
  readonly budget: LatencyBudget;
  /**
   * Repeats a call until there is an answer, or until a retry is pointless. Then it throws a FailureError that names
   * the work, `did`.
   */
  ask<T>(did: string, call: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  patience(): Patience;
  answered(): void;
  isKnown(): boolean;
  failure(error: unknown, did: string, attempts: number): Error;
  close(): void;
}

export function openServer(url: string, options: RemoteConnection): Server {
  const connection = connect(
    { ...options, url, latencyBudget: ANSWER / 10, bytesPerSecond: BYTES_PER_SECOND },
    patient,
  );
  let isKnown = false;
  const patience = (): Patience => patienceWith(() => isKnown);
  const failure = (error: unknown, did: string, attempts: number): Error =>
    error instanceof RemoteCacheError
      ? new FailureError(said(error, { url, did, attempts, isKnown }))
      : (error as Error);
  return {
    url,
    connection,
    budget: patient,
    patience,
    failure,
    answered: () => void (isKnown = true),
    isKnown: () => isKnown,
    async ask(did, call, signal) {
      const tries = patience();
      try {
        const answer = await persistently(
          () => orGivenUp(inTime(call(), isKnown ? undefined : FIRST_ANSWER), signal),
          tries,
          signal,
        );
        isKnown = true;
        return answer;
      } catch (error) {
        throw failure(error, did, tries.attempts);
      }
    },
    close: () => connection.close(),
  };
}

/** A server that has never answered gets less time than one that has. */
async function inTime<T>(answer: Promise<T>, milliseconds: number | undefined): Promise<T> {
  if (milliseconds === undefined) return answer;
  const late = Promise.withResolvers<never>();
  using _ = countdown(milliseconds, late.reject);
  return await Promise.race([answer, late.promise]);
}

interface Circumstances {
  readonly url: string;
  readonly did: string;
  readonly attempts: number;
  readonly isKnown: boolean;
}

function said(
  { code, message }: RemoteCacheError,
  { url: where, did, attempts, isKnown }: Circumstances,
): FailureError['failures'][number] {
  const fact = `${did}: ${message}`;
  if (troubleIn(code) === 'lost')
    return isKnown
      ? { code: 'REMOTE_LOST', where, did, attempts }
      : { code: 'REMOTE_UNREACHABLE', where, fact: message };
  return { code: 'REMOTE_REFUSED', where, fact, hint: hintFor(code, where) };
}

const hints: Readonly<Partial<Record<Status, string>>> = {
  [status.UNAUTHENTICATED]:
    "set the credentials it asks for: SLIPWAY_REMOTE_EXECUTION_HEADERS='authorization: Bearer …'",
  [status.PERMISSION_DENIED]: 'ask who runs the cluster for the right to execute, or leave --remote out',
  [status.UNIMPLEMENTED]: 'it keeps contents and runs nothing: name a server that executes',
  [status.RESOURCE_EXHAUSTED]: 'ask for fewer jobs at once, or give the cluster more room',
  [status.FAILED_PRECONDITION]:
    'correct properties of remoteExecution in slipway.config.ts: perhaps no worker has these properties',
  [status.NOT_FOUND]: 'install the program on each worker, at the path in the message',
};

export const hintFor = (code: number | undefined, where: string): string =>
  hints[code as Status] ??
  `slipway remote check ${where} shows its capabilities; without --remote slipway builds on this machine`;

export const refusesToRun = (where: string): FailureError =>
  new FailureError({
    code: 'REMOTE_REFUSED',
    where,
    fact: 'it runs no actions',
    hint: hintFor(status.UNIMPLEMENTED, where),
  });
