import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Environment } from '@slipway/model';
import { goRoot } from './go-root.ts';
import { packagedSlipway } from './packaged-slipway.ts';
import { timeouts } from './timeouts.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** How a process ended, and what it printed. */
export interface Ended {
  readonly exit: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Both outputs so far. */
  printed(): string;
  signal(name: NodeJS.Signals, to?: 'process' | 'group'): void;
}

export interface Starting {
  readonly cwd: string;
  readonly env: Environment;
  /** Put before the command: `['unshare', '--mount', …]`. */
  readonly wrapper?: readonly string[];
}

/** Starts the packaged command line in a process group of its own. */
export function startSlipway(args: readonly string[], { cwd, env, wrapper = [] }: Starting): Running {
  const [program, ...rest] = [...wrapper, ...slipwayCommand(), ...args] as [string, ...string[]];
  return startProcess(program, rest, { cwd, env });
}

export function startProcess(program: string, args: readonly string[], { cwd, env }: Starting): Running {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const signal = (name: NodeJS.Signals, to: 'process' | 'group' = 'process'): void => {
    try {
      process.kill(to === 'group' ? -child.pid! : child.pid!, name);
    } catch {
      // It is gone already.
    }
  };
  const ended = new Promise<Ended>((done, failed) => {
    const timer = setTimeout(() => {
      stderr += `\nstill running after ${timeouts.process / 60_000} minutes, and killed for that\n`;
      signal('SIGKILL', 'group');
    }, timeouts.process);
    child.on('error', failed);
    child.on('close', (exit, by) => {
      clearTimeout(timer);
      done({ exit: exit ?? undefined, signal: by ?? undefined, stdout, stderr });
    });
  });
  return { pid: child.pid ?? -1, ended, printed: () => stdout + stderr, signal };
}

let packaged: string | undefined;

/** Node and the packaged program: what a test runs for `slipway`. */
export function slipwayCommand(): readonly [string, string] {
  packaged ??= packagedSlipway(repositoryRoot, shared('package'));
  return [process.execPath, packaged];
}

/** The same, in the words of a shell. */
export const slipwayInShell = (): string =>
  slipwayCommand()
    .map((word) => `'${word}'`)
    .join(' ');

/**
 * The environment of slipway in tests: this machine's programs with the project's Go first, no settings and caches of
 * the user, no network. Only Go's own cache is shared by all tests, so that its library is compiled once.
 */
export function cleanEnvironment(home: string): Environment {
  const author = { NAME: 'Tester', EMAIL: 'tester@example.org', DATE: '2024-01-02T03:04:05Z' };
  return {
    PATH: [dirname(goCommand()), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    TMPDIR: tmpdir(),
    LC_ALL: 'C',
    XDG_CACHE_HOME: join(home, '.cache'),
    GOCACHE: shared('go-build'),
    // A home that is new has no compiled code; half of a start's time.
    NODE_COMPILE_CACHE: shared('node'),
    GOPROXY: 'off',
    // The user who runs the tests may name another engine.
    ...(process.env['DOCKER_HOST'] === undefined ? {} : { DOCKER_HOST: process.env['DOCKER_HOST'] }),
    GIT_CONFIG_NOSYSTEM: '1',
    ...Object.fromEntries(
      Object.entries(author).flatMap(([name, value]) => [
        [`GIT_AUTHOR_${name}`, value],
        [`GIT_COMMITTER_${name}`, value],
      ]),
    ),
  };
}

/** Kept between runs: everything in it can be made again. */
function shared(name: string): string {
  const directory = join(tmpdir(), `slipway-testing-${userInfo().uid}`, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}

let knownGo: string | undefined;

/** The Go this repository is built with. */
export function goCommand(): string {
  knownGo ??= join(goRoot(), 'bin', 'go');
  return knownGo;
}
