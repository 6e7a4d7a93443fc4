import { FailureError, type Sender, failureMessage } from '@slipway/model';
import type { ContainerEngine } from '../docker/port.ts';
import { sendByRsync } from './send-rsync.ts';
import { sendToRsyncDaemon } from './rsync-daemon.ts';
import { sendTar } from './send-tar.ts';
import type { Sending } from './sending.ts';

/** Each leaves the same files, with their modes and times, and links unchanged. They belong to the user there. */
const senders: Readonly<Record<Sender, (sending: Sending, engine: ContainerEngine) => Promise<void>>> = {
  tar: sendTar,
  rsync: sendToRsyncDaemon,
  'rsync-exec': sendByRsync,
};

/** Uses the first available sender. Returns its name and the reason, unless it is the first of all. */
export async function sendFiles(sending: Sending, engine: ContainerEngine): Promise<string | undefined> {
  const passed: string[] = [];
  for (const name of sending.senders) {
    try {
      await senders[name](sending, engine);
      return passed.length === 0 ? undefined : `by ${name}, as ${passed.join(', and ')}`;
    } catch (error) {
      const why = whyNot(error);
      if (why === undefined || name === sending.senders.at(-1)) throw error;
      passed.push(why);
    }
  }
  return undefined;
}

/** Why a sender is not available; undefined for a failure of one that is. */
function whyNot(error: unknown): string | undefined {
  const failure = error instanceof FailureError ? error.failures[0] : undefined;
  const cannot = failure?.code === 'NO_TRANSPORT' || (failure?.code === 'IMAGE_INCOMPLETE' && failure.tool === 'rsync');
  return cannot ? failureMessage(failure) : undefined;
}
