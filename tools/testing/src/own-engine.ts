import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engine, usualSocket } from './engine-rig.ts';
import { timeouts } from './timeouts.ts';
import type { Repo } from './repo-rig.ts';

/**
 * A dockerd that a test may do anything to. It lives in namespaces of its own, with a network of nothing but itself and its
 * data in memory, so the engine of this machine notices nothing, and all of it goes at once.
 */
export class OwnEngine implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'slipway-engine-'));
  readonly socket = join(this.directory, 'engine.sock');
  readonly address = `unix://${this.socket}`;
  /** Where it keeps what it has; seen by `inside` only. */
  readonly data = join(this.directory, 'data');
  readonly #options: readonly string[];
  readonly #holder: ChildProcess;
  #daemon: ChildProcess | undefined;

  private constructor(options: readonly string[]) {
    this.#options = options;
    mkdirSync(this.data);
    const namespaces = ['--pid', '--mount', '--net', '--fork', '--kill-child', '--mount-proc'];
    this.#holder = spawn('unshare', [...namespaces, 'sleep', 'infinity'], { stdio: 'ignore' });
  }

  /** With options of dockerd; its data may be no larger than `size`, as mount(8) says it. */
  static async start({
    options = [],
    size = '4g',
  }: { options?: readonly string[]; size?: string } = {}): Promise<OwnEngine> {
    const own = new OwnEngine(options);
    try {
      await own.#holding();
      own.run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'none', own.data);
      own.run('ip', 'link', 'set', 'lo', 'up');
      await own.start();
      return own;
    } catch (error) {
      await own[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** With the image a tree begins from, which is made in the engine of this machine where it is not there already. */
  static async startWithImageOf(tree: Repo, how?: Parameters<typeof OwnEngine.start>[0]): Promise<OwnEngine> {
    const made = await tree.slipway(['--explain', 'make-build-image', '--from-packages']);
    const image = /kube-cross:\S+/.exec(made.stdout);
    if (made.exit !== 0 || image === null) throw new Error(made.stdout + made.stderr);
    await tree.slipway(['make-clean']);
    const own = await OwnEngine.start(how);
    await own.take(image[0]);
    return own;
  }

  /** Starts dockerd, again when it was killed. */
  async start(): Promise<void> {
    // Another process may have an old process id now, and the leftovers of a killed engine are in its way.
    for (const file of ['pid', 'engine.sock', 'run/containerd/containerd.pid'])
      rmSync(join(this.directory, file), { force: true });
    const log = openSync(join(this.directory, 'log'), 'a');
    const own = ['--data-root', this.data, '--exec-root', join(this.directory, 'run')];
    const [program, ...rest] = this.inside('dockerd', '--host', this.address, ...own, ...this.#options);
    this.#daemon = spawn(program!, [...rest, '--pidfile', join(this.directory, 'pid')], {
      stdio: ['ignore', log, log],
    });
    for (const end = performance.now() + timeouts.event; ; await sleep(100)) {
      const answers = await engine('GET', '/version', { socket: this.socket }).then(
        () => true,
        () => false,
      );
      if (answers) return;
      if (performance.now() > end || this.#daemon.exitCode !== null)
        throw new Error(`dockerd did not come up: ${readFileSync(join(this.directory, 'log'), 'utf8').slice(-2000)}`);
    }
  }

  /** dockerd and nothing else, which leaves its containers alone. */
  async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ended = new Promise((resolve) => this.#daemon!.once('exit', resolve));
    this.run('kill', `-${signal.slice(3)}`, readFileSync(join(this.directory, 'pid'), 'utf8'));
    await ended;
  }

  /** The same image as in the engine of this machine. */
  async take(reference: string): Promise<void> {
    const archive = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ socketPath: usualSocket, path: `/images/${reference}/get` }, resolve).on('error', reject);
    });
    await new Promise<void>((resolve, reject) => {
      const load = request({ socketPath: this.socket, method: 'POST', path: '/images/load' }, (answer) => {
        answer.resume().once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(reference))));
      });
      load.on('error', reject);
      archive.pipe(load);
    });
  }

  /** A process started with these words is in the engine's network, where the engine is 127.0.0.1. */
  get network(): string[] {
    return ['nsenter', '--target', String(this.#first()), '--net', '--'];
  }

  /** A command line that runs where the engine does. */
  inside(...argv: readonly string[]): string[] {
    return ['nsenter', '--target', String(this.#first()), '--pid', '--mount', '--net', '--', ...argv];
  }

  run(...argv: readonly string[]): string {
    const [program, ...rest] = this.inside(...argv);
    return execFileSync(program!, rest, { encoding: 'utf8' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#holder.once('exit', resolve));
    this.#holder.kill('SIGKILL');
    await ended;
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The first process of the namespace; everything in it ends with that one. */
  #first(): number | undefined {
    const pid = this.#holder.pid!;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children);
  }

  /** Until unshare became what it was told to start. */
  async #holding(): Promise<void> {
    for (const end = performance.now() + timeouts.event; performance.now() < end; await sleep(20)) {
      const first = this.#first();
      if (first !== undefined && readFileSync(`/proc/${first}/comm`, 'utf8') === 'sleep\n') return;
    }
    throw new Error('unshare did not come up');
  }
}
