import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, FailureError } from '@slipway/model';
import { interruptedBy } from '../process/interrupted.ts';
import { startProgram } from '../process/program.ts';
import { isMissingTool } from '../process/why-not-started.ts';
import { type EngineAddress, formatAddress } from './address.ts';

/** A local socket that leads to the engine's. */
export interface Tunnel {
  readonly path: string;
  /** ssh's messages since a connection failed, in one line. */
  said(): Promise<string>;
}

/**
 * One ssh login with the user's settings, keys and known hosts, for all connections. ssh waits for the end of its
 * standard input, so it ends with this process, and does not keep this process alive.
 */
export async function openTunnel(
  address: EngineAddress & { readonly kind: 'ssh' },
  environment: Environment,
  signal: AbortSignal,
): Promise<Tunnel> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-ssh-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'engine.sock');
  // Slipway handles Ctrl-C and still has to remove containers, so ssh does not get the signal.
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
      // The connection closes before ssh's message arrives.
      for (let tries = 0; saidSince() === '' && tries < 20; tries++) await sleep(50);
      return saidSince();
    },
  };
}

/** Never prompts, because nobody could answer. A dead link is noticed in 45 s. */
const settings = {
  BatchMode: 'yes',
  ConnectTimeout: '30',
  ExitOnForwardFailure: 'yes',
  ServerAliveInterval: '15',
  // A shared master connection would not end with this process.
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
