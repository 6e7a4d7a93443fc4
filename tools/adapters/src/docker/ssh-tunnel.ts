import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, FailureError } from '@slipway/model';
import { interruptedBy } from '../process/interrupted.ts';
import { startProgram } from '../process/program.ts';
import { isMissingTool } from '../process/why-not-started.ts';
import { type EngineAddress, formatAddress } from './address.ts';

/** A socket here that is the engine's there. */
export interface Tunnel {
  readonly path: string;
  /** What ssh complains about after a connection failed, in one line. */
  said(): Promise<string>;
}

/**
 * One login of the ssh command, with its settings, keys and known hosts, for all connections. It waits for its standard input to end,
 * so it goes when this process does, however that ends; and it keeps nobody from ending.
 */
export async function openTunnel(
  address: EngineAddress & { readonly kind: 'ssh' },
  environment: Environment,
  signal: AbortSignal,
): Promise<Tunnel> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-ssh-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'engine.sock');
  // A Ctrl-C is for us, who then still have to remove containers: so no signal goes with it.
  const ssh = await startProgram({
    argv: ['ssh', ...sshArguments(address, path)],
    cwd: process.cwd(),
    env: environment,
  }).catch((error: unknown) => {
    throw isMissingTool(error) ? noSsh() : error;
  });
  const stop = (): void => ssh.kill();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const ready = new Promise<true>((resolve) => ssh.stdout.once('data', () => resolve(true)));
    if ((await Promise.race([ready, ssh.ended])) !== true)
      throw signal.aborted ? interruptedBy(signal) : notLoggedIn(address, inOneLine(ssh.said()) || 'ssh ended');
  } finally {
    signal.removeEventListener('abort', stop);
  }
  ssh.unref();
  ssh.stdout.resume();
  const before = ssh.said().length;
  const saidSince = (): string => inOneLine(ssh.said().slice(before));
  return {
    path,
    async said() {
      // The connection is closed before the words about it are here.
      for (let tries = 0; saidSince() === '' && tries < 20; tries++) await sleep(50);
      return saidSince();
    },
  };
}

/** Asks no questions, as nobody could answer; a link that is dead is noticed in 45 s. */
const settings = {
  BatchMode: 'yes',
  ConnectTimeout: '30',
  ExitOnForwardFailure: 'yes',
  ServerAliveInterval: '15',
  // The way of a master connection ends with it, and it would not end with us.
  ControlPath: 'none',
} as const;

const sshArguments = (address: EngineAddress & { readonly kind: 'ssh' }, path: string): string[] => [
  '-T',
  ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ...(address.port === undefined ? [] : ['-p', address.port]),
  ...['-L', `${path}:${address.socket}`],
  ...['--', address.destination, 'echo ready && cat'],
];

const inOneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, '; ');

const noSsh = (): FailureError =>
  new FailureError({
    code: 'TOOL_MISSING',
    tool: 'ssh',
    why: 'DOCKER_HOST=ssh://… is reached with it',
    hint: 'apt-get install openssh-client',
  });

const notLoggedIn = (address: EngineAddress & { readonly kind: 'ssh' }, fact: string): FailureError =>
  new FailureError({
    code: 'NO_ENGINE',
    where: formatAddress(address),
    fact,
    hint: `ssh ${address.port === undefined ? '' : `-p ${address.port} `}${address.destination} true has to work without a question`,
  });
