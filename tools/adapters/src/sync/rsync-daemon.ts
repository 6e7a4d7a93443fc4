import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, FailureError } from '@slipway/model';
import type { ContainerEngine, Endpoint } from '../docker/port.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { executed } from './executed.ts';
import { startRsync } from './run-rsync.ts';
import type { Sending } from './sending.ts';

/** The port and the module of Kubernetes' scripts. */
const PORT = 8730;
const MODULE = 'k8s';
/** How often the daemon is tried until it answers, and the milliseconds between two tries. */
const TRIES = 50;
const PAUSE = 100;

/** Runs rsync here, and its daemon in a second container with the same volume. Both are gone afterwards. */
export async function sendToRsyncDaemon(sending: Sending, engine: ContainerEngine): Promise<void> {
  const { rsync, signal } = sending;
  const { name } = rsync.container;
  const password = randomBytes(24).toString('hex');
  await startContainer(sending, engine);
  try {
    const daemon = executed(
      {
        container: name,
        user: ROOT,
        argv: ['bash', '-c', DAEMON],
        env: { CONFIGURATION: configuration(sending), SECRETS: `${MODULE}:${password}\n` },
        signal,
      },
      engine,
    ).then(({ exit, stderr }) => {
      throw noWay(sending, `rsync's daemon ended with ${exit}: ${stderr.trim()}`, '--sync rsync-exec does without it');
    });
    daemon.catch(() => {});
    const { host, port } = await Promise.race([reach(sending, await endpoints(sending, engine)), daemon]);
    const { done } = await startRsync(sending, {
      options: [],
      destination: `rsync://${MODULE}@${host}:${port}/${MODULE}/`,
      variables: { RSYNC_PASSWORD: password },
    });
    // A failure of the engine explains more than an rsync that lost its connection.
    await done.catch(async (error: unknown) => {
      await Promise.race([daemon, sleep(1000)]);
      throw error;
    });
  } finally {
    await engine.endContainer(name);
  }
}

const ROOT = '0:0';

/** Only the daemon may read the files, or it refuses them. */
const DAEMON = [
  'umask 077',
  'printf %s "$CONFIGURATION" > /tmp/rsyncd.conf',
  'printf %s "$SECRETS" > /tmp/rsyncd.secrets',
  `exec rsync --daemon --no-detach --port=${PORT} --config=/tmp/rsyncd.conf`,
].join('\n');

/** Without chroot the daemon would change links that lead out of the tree. Its files belong to the user. */
function configuration({ to, user }: Sending): string {
  const [uid, gid] = user.split(':');
  return [
    'use chroot = yes',
    'munge symlinks = no',
    'numeric ids = yes',
    'reverse lookup = no',
    'log file = /dev/null',
    `uid = ${uid}`,
    `gid = ${gid}`,
    `[${MODULE}]`,
    `path = ${to}`,
    'read only = no',
    `auth users = ${MODULE}`,
    'secrets file = /tmp/rsyncd.secrets',
    '',
  ].join('\n');
}

async function startContainer(sending: Sending, engine: ContainerEngine): Promise<void> {
  const { rsync, signal } = sending;
  const publish = { port: PORT, at: rsync.port };
  if (engine.isRemote() && rsync.port === undefined)
    throw noWay(
      sending,
      'the engine is on another machine, whose ports are not reached from here',
      'KUBE_RSYNC_PORT=8730 and a way there, as ssh -L 8730:127.0.0.1:8730; or --sync rsync-exec',
    );
  try {
    await engine.startContainer({ ...rsync.container, user: ROOT, publish }, signal);
  } catch (error) {
    const failure: Failure | undefined = error instanceof FailureError ? error.failures[0] : undefined;
    if (failure?.code !== 'ENGINE_FAILED' || !/port is already allocated|address already in use/.test(failure.fact))
      throw error;
    await engine.endContainer(rsync.container.name);
    throw noWay(sending, `port ${rsync.port} is in use there`, 'KUBE_RSYNC_PORT=OTHER, or none for any that is free');
  }
}

/** For an engine on another machine, only the port that the user forwards. */
const endpoints = async ({ rsync }: Sending, engine: ContainerEngine): Promise<readonly Endpoint[]> =>
  engine.isRemote() ? [{ host: '127.0.0.1', port: rsync.port! }] : engine.endpoints(rsync.container.name, PORT);

/** The first endpoint that answers as rsync's daemon. */
async function reach(sending: Sending, found: readonly Endpoint[]): Promise<Endpoint> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    for (const endpoint of found) if (await greets(endpoint)) return endpoint;
    throwIfInterrupted(sending.signal);
    await sleep(PAUSE);
  }
  throw noWay(
    sending,
    `rsync's daemon does not answer at ${found.map(({ host, port }) => `${host}:${port}`).join(' or ')}`,
    'make a way to that port, or --sync rsync-exec',
  );
}

async function greets({ host, port }: Endpoint): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1000 });
  socket.once('timeout', () => socket.destroy(new Error('timeout')));
  try {
    // The program that publishes the port listens before the daemon does, and closes the connection.
    const [greeting] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
    return Buffer.isBuffer(greeting) && greeting.toString('latin1').startsWith('@RSYNCD:');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const noWay = ({ senders: [transport] }: Sending, fact: string, hint: string): FailureError =>
  new FailureError({ code: 'NO_TRANSPORT', transport: transport!, fact, hint });
