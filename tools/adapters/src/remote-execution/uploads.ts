import { hash } from 'node:crypto';
import { FailureError } from '@slipway/model';
import { readForeign } from '../foreign/index.ts';
import type { Contents } from '../remote-cache/contents.ts';
import { RemoteCacheError } from '../remote-cache/port.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import type { Sendable } from './merkle.ts';
import type { RemoteTraffic } from '@slipway/model';
import type { Server } from './server.ts';

/** Larger contents are sent alone, as a stream. */
const SMALL = 2 ** 20;
/** Maximum parallel calls that send. */
const AT_ONCE = 4;

export interface Uploads {
  /** Sends the blobs that the server lacks. Parallel actions with the same blob share one question and one upload. */
  ensure(blobs: ReadonlyMap<string, Sendable>, signal: AbortSignal): Promise<Omit<RemoteTraffic, 'bytesDown'>>;
  /** The server has lost blobs that it reported before. It is asked again, or all blobs are sent without a question. */
  again(
    blobs: ReadonlyMap<string, Sendable>,
    all: boolean,
    signal: AbortSignal,
  ): Promise<Omit<RemoteTraffic, 'bytesDown'>>;
}

export function openUploads(server: Server, contents: Contents, most: number): Uploads {
  const known = new Set<string>();
  const under = new Map<string, Promise<unknown>>();
  const sender: Sender = { server, contents, most };

  /** Claims the blobs that nobody is sending now. */
  const sendOwn = async (
    own: readonly Sendable[],
    force: boolean,
    signal: AbortSignal,
  ): Promise<readonly Sendable[]> => {
    const sending = send(sender, own, { force, signal });
    for (const { digest } of own) under.set(digest, sending);
    try {
      const sent = await sending;
      for (const { digest } of own) known.add(digest);
      return sent;
    } finally {
      for (const { digest } of own) under.delete(digest);
    }
  };
  const ensure = async (blobs: ReadonlyMap<string, Sendable>, force: boolean, signal: AbortSignal) => {
    const sent: Sendable[] = [];
    for (;;) {
      throwIfInterrupted(signal);
      const wanted = [...blobs.values()].filter(({ digest }) => !known.has(digest));
      if (wanted.length === 0) break;
      const others = [...new Set(wanted.flatMap(({ digest }) => under.get(digest) ?? []))];
      const own = wanted.filter(({ digest }) => !under.has(digest));
      if (own.length > 0) sent.push(...(await sendOwn(own, force, signal)));
      // The next round sends what another action failed to send.
      await Promise.allSettled(others);
    }
    return { blobsUp: sent.length, bytesUp: sent.reduce((sum, { size }) => sum + size, 0) };
  };
  return {
    ensure: (blobs, signal) => ensure(blobs, false, signal),
    again(blobs, all, signal) {
      for (const digest of blobs.keys()) known.delete(digest);
      return ensure(blobs, all, signal);
    },
  };
}

interface Sender {
  readonly server: Server;
  readonly contents: Contents;
  readonly most: number;
}

interface Sending {
  readonly force: boolean;
  readonly signal: AbortSignal;
}

async function send(
  { server, contents, most }: Sender,
  blobs: readonly Sendable[],
  { force, signal }: Sending,
): Promise<readonly Sendable[]> {
  const byDigest = new Map(blobs.map((blob) => [blob.digest, blob]));
  const lacking = force
    ? blobs
    : (await server.ask('asking what it lacks', () => contents.missing(blobs), signal)).flatMap(
        ({ digest }) => byDigest.get(digest) ?? [],
      );
  const isSmall = ({ size }: Sendable): boolean => size <= Math.min(SMALL, most / 2);
  const calls = [
    ...batchesOf(lacking.filter(isSmall), most).map((batch) => async () => {
      const bytes = await Promise.all(batch.map(bytesOf));
      await server.ask('sending inputs', () => contents.write(bytes), signal);
    }),
    ...lacking
      .filter((blob) => !isSmall(blob))
      .map((blob) => () => server.ask('sending an input', () => sendLarge(contents, blob), signal)),
  ];
  await several(calls, signal);
  return lacking;
}

async function sendLarge(contents: Sender['contents'], blob: Sendable): Promise<void> {
  try {
    await contents.upload(blob, blob.from);
  } catch (error) {
    if (error instanceof RemoteCacheError && error.code === undefined) throw changed(blob);
    throw error;
  }
}

async function bytesOf(blob: Sendable): Promise<Buffer> {
  if (Buffer.isBuffer(blob.from)) return blob.from;
  const read = await readForeign(blob.from, blob.size, 'followed');
  if ('problem' in read || read.bytes.length !== blob.size || hash('sha256', read.bytes) !== blob.digest)
    throw changed(blob);
  return read.bytes;
}

const changed = ({ from }: Sendable): FailureError =>
  new FailureError({
    code: 'UNREADABLE',
    path: String(from),
    fact: 'it was changed or removed while it was being sent',
  });

function batchesOf(blobs: readonly Sendable[], most: number): Sendable[][] {
  const batches: Sendable[][] = [];
  let bytes = Infinity;
  for (const blob of blobs) {
    if (bytes + blob.size > most || batches.at(-1)!.length >= 500) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(blob);
    bytes += blob.size;
  }
  return batches;
}

async function several(calls: readonly (() => Promise<void>)[], signal: AbortSignal): Promise<void> {
  let at = 0;
  const worker = async (): Promise<void> => {
    while (at < calls.length) {
      throwIfInterrupted(signal);
      await calls[at++]!();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, calls.length) }, worker));
}
