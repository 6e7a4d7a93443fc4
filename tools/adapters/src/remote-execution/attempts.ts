import { type Failure, FailureError } from '@slipway/model';
import { interruptedBy } from '../process/interrupted.ts';
import type { ExecuteResponse } from '../reapi/index.ts';
import { RemoteCacheError } from '../remote-cache/port.ts';
import { status } from '../remote-cache/status.ts';
import type { Executors, Taken } from './executors.ts';
import type { BuiltAction } from './merkle.ts';
import { startOperation } from './operation.ts';
import type { RemoteAction, RemoteStage } from './port.ts';
import { patienceWith, type Patience, troubleIn } from './retry.ts';

export interface Attempts {
  readonly action: RemoteAction;
  readonly built: BuiltAction;
  readonly signal: AbortSignal;
  readonly queueSeconds: number;
  stage(stage: RemoteStage): void;
  /** Sends inputs again: those that the server now reports as missing, or all of them without a question. */
  resend(all: boolean): Promise<void>;
  /** Reports whether a result from the server's cache can be used. */
  isUsable(response: ExecuteResponse): Promise<boolean>;
  /** Reports whether the server had lost inputs. They are then sent again. */
  hasLostInputs(): Promise<boolean>;
}

export interface Executed {
  readonly response: ExecuteResponse;
  readonly attempts: number;
}

/**
 * Tries an action on the executors until it has a usable result, or until a retry is pointless. A program that fails is
 * a result, too. An unusable result of the cache is made again. For a missing input a worker may report INTERNAL, as
 * for its own errors, or FAILED_PRECONDITION, as for an unknown platform.
 */
export async function executeOn(executors: Executors, each: Attempts): Promise<Executed> {
  const patience = patienceWith(() => executors.all.some(({ isKnown }) => isKnown()));
  let skipCache = !each.action.acceptCached;
  let resent = false;
  for (let attempts = 1; ; attempts++) {
    using taken = await executors.take(each.signal);
    try {
      const response = await attempt(taken, { ...each, skipCache, patience, isOneOfMany: executors.all.length > 1 });
      if (response.cachedResult ? await each.isUsable(response) : resent || !(await failedForInputs(response, each)))
        return { response, attempts };
      resent ||= !response.cachedResult;
      skipCache = true;
    } catch (error) {
      if (each.signal.aborted) throw interruptedBy(each.signal);
      if (!(error instanceof RemoteCacheError)) throw error;
      const trouble = troubleIn(error.code);
      const give = (): Error => taken.server.failure(error, `running ${each.action.arguments[0]}`, attempts);
      if (trouble === 'missing' && !resent) {
        resent = true;
        await each.resend(error.code === status.INTERNAL);
      } else if (!(await patience.again(error.code === status.INTERNAL ? 'shaky' : trouble, each.signal))) throw give();
    }
  }
}

/** If a worker reads inputs on demand and one is lost, the program fails. */
const failedForInputs = async ({ result }: ExecuteResponse, { hasLostInputs }: Attempts): Promise<boolean> =>
  result?.exitCode !== 0 && (await hasLostInputs());

interface Attempt extends Attempts {
  readonly skipCache: boolean;
  readonly patience: Patience;
  readonly isOneOfMany: boolean;
}

async function attempt(taken: Taken, each: Attempt): Promise<ExecuteResponse> {
  const { built, signal, skipCache, patience, isOneOfMany } = each;
  const { server } = taken;
  using limit = limitQueue(each, server.url);
  const ending = AbortSignal.any([signal, limit.signal]);
  const operation = startOperation(server, {
    digest: built.digest,
    skipCache,
    signal: ending,
    stage(stage) {
      limit.at(stage);
      each.stage(stage);
    },
  });
  for (;;) {
    try {
      return goodOf(await operation.done(), each.action);
    } catch (error) {
      if (ending.aborted) {
        await operation.cancel();
        throw signal.aborted ? interruptedBy(signal) : limit.signal.reason;
      }
      if (!(error instanceof RemoteCacheError) || troubleIn(error.code) !== 'lost') throw error;
      // A single server continues the action. Of several, another one takes it.
      const goesOn = !isOneOfMany && operation.isNamed && (await patience.again('lost', signal));
      if (goesOn) continue;
      taken.lost();
      throw error;
    }
  }
}

/** Returns a response with an exit code, and throws for any other end of an action. */
function goodOf(
  response: ExecuteResponse,
  { arguments: [program = ''], timeoutSeconds }: RemoteAction,
): ExecuteResponse {
  const { code = 0, message = '' } = response.status ?? {};
  if (code === 0 && response.result === undefined)
    throw new RemoteCacheError('it ended an action and returned no result', true, status.DATA_LOSS);
  if (code === 0) return response;
  if (code === status.DEADLINE_EXCEEDED)
    throw new FailureError({ code: 'REMOTE_TIMEOUT', command: program, seconds: timeoutSeconds });
  throw new RemoteCacheError(message || response.message, false, code);
}

interface QueueLimit extends Disposable {
  readonly signal: AbortSignal;
  at(stage: RemoteStage): void;
}

/**
 * Limits how long an action waits for a worker. A repeated report that it is queued does not extend that time. One more
 * limit is the sum of queue and program; a server that reports no stage has only this one.
 */
function limitQueue(each: Attempts, where: string): QueueLimit {
  const { action, queueSeconds } = each;
  const { timeoutSeconds } = action;
  const end = new AbortController();
  const platform = Object.entries(action.platform)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  const endIn = (seconds: number): NodeJS.Timeout =>
    setTimeout(() => end.abort(new FailureError(late)), Math.min(seconds * 1000, 2 ** 31 - 1));
  const tooLong: Failure = { code: 'REMOTE_TIMEOUT', command: action.arguments[0] ?? '', seconds: timeoutSeconds };
  const unwanted: Failure = { code: 'REMOTE_QUEUE', where, seconds: queueSeconds, platform };
  let late: Failure = unwanted;
  const whole = endIn(queueSeconds + timeoutSeconds);
  let queued: NodeJS.Timeout | undefined;
  const taken = (): void => {
    clearTimeout(queued);
    queued = undefined;
  };
  return {
    signal: end.signal,
    at(stage) {
      late = stage === 'queued' ? unwanted : tooLong;
      if (stage === 'queued') queued ??= endIn(queueSeconds);
      else taken();
    },
    [Symbol.dispose]() {
      taken();
      clearTimeout(whole);
    },
  };
}
