import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, FailureError } from '@slipway/model';
import { start } from '../process/guard.ts';
import { interruptedBy } from '../process/interrupted.ts';
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
  // A Ctrl-C is for us, who then still have to remove containers.
  const ssh = start(['ssh', ...sshArguments(address, path)], { env: { ...environment }, stdio: 'pipe' });
  const said: string[] = [];
  ssh.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  // What is written to a login that failed.
  ssh.stdin.on('error', () => {});
  const stop = (): void => void ssh.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      ssh.stdout.once('data', () => resolve());
      ssh.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? noSsh() : error));
      ssh.once('close', () =>
        reject(signal.aborted ? interruptedBy(signal) : notLoggedIn(address, inOneLine(said) || 'ssh ended')),
      );
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  for (const each of [ssh, ssh.stdin as Socket, ssh.stdout as Socket, ssh.stderr as Socket]) each.unref();
  ssh.stdout.resume();
  said.length = 0;
  return {
    path,
    async said() {
      // The connection is closed before the words about it are here.
      for (let tries = 0; said.length === 0 && tries < 20; tries++) await sleep(50);
      return inOneLine(said);
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

const inOneLine = (texts: readonly string[]): string =>
  texts
    .join('')
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ');

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
