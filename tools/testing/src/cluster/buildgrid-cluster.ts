import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../cache-servers.ts';
import { timeouts } from '../timeouts.ts';
import { type BuildGrid, installBuildGrid, postgresPrograms, postgresUser } from './buildgrid-install.ts';
import { type Cluster, bazelRemote, stop } from './casd-cluster.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

export interface BuildGridOptions {
  readonly workers?: number;
  /** Actions at once on a worker. */
  readonly jobs?: number;
  readonly say: (line: string) => void;
}

/**
 * A scheduler with a queue: BuildGrid with PostgreSQL, bazel-remote for contents and results, and workers of buildbox, each with a casd
 * of its own. Actions run as plain processes of this user and see this machine.
 */
export async function startBuildGrid({ workers = 2, jobs = 1, say }: BuildGridOptions): Promise<Cluster> {
  const postgres = postgresPrograms();
  if (typeof postgres !== 'string') throw new Error(postgres.why);
  const found = installBuildGrid(say);
  const directory = mkdtempSync(join(tmpdir(), 'slipway-cluster-'));
  // The user of PostgreSQL goes through it.
  chmodSync(directory, 0o755);
  const servers: ServerProcess[] = [];
  const start = async (server: ServerProcess): Promise<void> => {
    servers.push(server);
    await server.start();
  };
  try {
    await startDatabase(directory, postgres, start);
    const database = `postgresql+psycopg2:///bgd?host=${join(directory, 'socket')}&user=bgd`;
    execFileSync(found.bgd, ['migrate', 'apply', database], { stdio: 'ignore' });
    const ports = [await freePort(), await freePort()] as const;
    await start(bazelRemote(directory, ports));
    const scheduler = await freePort();
    await start(bgdServer({ directory, database, port: scheduler, cache: ports[0] }, found));
    for (let i = 1; i <= workers; i++) {
      const place = { name: `worker${i}`, directory, port: await freePort(), scheduler, cache: ports[0], jobs };
      for (const server of worker(place, found)) await start(server);
    }
    await registered(directory, postgres, workers);
    return {
      executors: [`grpc://127.0.0.1:${scheduler}`],
      cache: `grpc://127.0.0.1:${ports[0]}`,
      platform: { OSFamily: 'linux', pool: 'default' },
      servers,
      directory,
      [Symbol.asyncDispose]: () => stop(servers, directory),
    };
  } catch (error) {
    await stop(servers, directory);
    throw error;
  }
}

async function startDatabase(
  directory: string,
  programs: string,
  start: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const user = postgresUser();
  const [data, socket] = [join(directory, 'database'), join(directory, 'socket')];
  for (const each of [data, socket]) {
    mkdirSync(each);
    if (user !== undefined) chownSync(each, user.uid, user.gid);
  }
  const options = { stdio: 'ignore', cwd: '/', ...user } as const;
  execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bgd', '--no-sync', '-E', 'UTF8'], options);
  const settings = [
    'listen_addresses=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=32MB',
    'max_connections=60',
  ];
  await start(
    serverProcess({
      name: 'database',
      argv: [join(programs, 'postgres'), '-D', data, '-k', socket, ...settings.flatMap((each) => ['-c', each])],
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
      log: join(directory, 'socket/database.log'),
      ...(user === undefined ? {} : { user }),
    }),
  );
  const isReady = () => spawnSync(join(programs, 'pg_isready'), ['-q', '-h', socket, '-U', 'bgd']).status === 0;
  await whenever('the database answers', isReady);
  execFileSync(join(programs, 'createdb'), ['-h', socket, '-U', 'bgd', 'bgd']);
}

async function whenever(what: string, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + timeouts.event; !holds(); await sleep(100))
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
}

async function registered(directory: string, programs: string, workers: number): Promise<void> {
  const query = [
    '-qAt',
    '-h',
    join(directory, 'socket'),
    '-U',
    'bgd',
    'bgd',
    '-c',
    'select count(distinct bot_id) from bots',
  ];
  const count = () => Number(spawnSync(join(programs, 'psql'), query, { encoding: 'utf8' }).stdout);
  await whenever(`${workers} workers are known`, () => count() >= workers);
}

interface Scheduler {
  readonly directory: string;
  readonly database: string;
  readonly port: number;
  readonly cache: number;
}

function bgdServer({ directory, database, port, cache }: Scheduler, { bgd }: BuildGrid): ServerProcess {
  const file = join(directory, 'bgd.yml');
  writeFileSync(file, schedulerConfig({ database, port, cache }));
  return serverProcess({
    name: 'scheduler',
    argv: [bgd, 'server', 'start', file],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    port,
    log: join(directory, 'scheduler.log'),
  });
}

/**
 * Short intervals, as by default a worker waits a second for the next action. A remote action cache keeps failures, too: the one around
 * it keeps them out. The name of the database driver is said, as the default one never reports the end of an action.
 */
const schedulerConfig = ({ database, port, cache }: Omit<Scheduler, 'directory'>): string => `server:
  - !channel {address: "127.0.0.1:${port}", insecure-mode: true}
authorization: {method: none}
monitoring: {enabled: false}
thread-pool-size: 60
grpc-server-options: {grpc.so_reuseport: 0, grpc.max_receive_message_length: 67108864}
connections:
  - !sql-connection &sql {connection-string: "${database}", pool-size: 20, max-overflow: 10}
storages:
  - !remote-storage &cas {url: "http://127.0.0.1:${cache}", instance-name: ""}
caches:
  - !lru-action-cache &lru {storage: *cas, max-cached-refs: 20000, allow-updates: true, cache-failed-actions: false}
  - !remote-action-cache &remote {url: "http://127.0.0.1:${cache}", instance-name: ""}
  - !with-cache-action-cache &ac {cache: *lru, fallback: *remote, allow-updates: true, cache-failed-actions: false}
schedulers:
  - !sql-scheduler &scheduler
    sql: *sql
    storage: *cas
    action-cache: *ac
    poll-interval: 0.05
    bot-poll-interval: 0.05
    bot-session-keepalive-timeout: 10
    session-expiry-timer-interval: 2
    max-execution-timeout: 3600
    pruner-job-max-age: {hours: 24}
    property-set: !dynamic-property-set
      match-property-keys: [pool]
      wildcard-property-keys: [chrootRootDigest]
    assigners:
      - !priority-age-assigner {count: 1, interval: 0.02, jitter-factor: 0.02, failure-backoff: 0.2}
instances:
  - name: ""
    services:
      - !execution {scheduler: *scheduler, operation-stream-keepalive-timeout: 120}
      - !action-cache {cache: *ac}
      - !cas {storage: *cas}
      - !bytestream {storage: *cas}
`;

interface WorkerPlace {
  readonly name: string;
  readonly directory: string;
  readonly port: number;
  readonly scheduler: number;
  readonly cache: number;
  readonly jobs: number;
}

function worker(
  { name, directory, port, scheduler, cache, jobs }: WorkerPlace,
  { buildbox }: BuildGrid,
): ServerProcess[] {
  const own = join(directory, name);
  mkdirSync(join(own, 'tmp'), { recursive: true });
  // Runners hand all of it to actions.
  const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent', LANG: 'C.UTF-8', TMPDIR: join(own, 'tmp') };
  const contents = [
    `--cas-remote=http://127.0.0.1:${cache}`,
    `--bind=127.0.0.1:${port}`,
    '--quota-high=4G',
    '--log-level=warning',
  ];
  const properties = ['OSFamily=linux', 'ISA=x86-64', 'pool=default'].flatMap((each) => ['--platform', each]);
  return [
    serverProcess({
      name: `contents of ${name}`,
      argv: [join(buildbox, 'buildbox-casd'), ...contents, join(own, 'cas')],
      env,
      port,
      log: join(directory, `${name}-cas.log`),
    }),
    serverProcess({
      name,
      argv: [
        ...[join(buildbox, 'buildbox-worker'), `--bots-remote=http://127.0.0.1:${scheduler}`],
        ...[`--cas-remote=http://127.0.0.1:${port}`, `--buildbox-run=${join(buildbox, 'buildbox-run-hosttools')}`],
        ...[`--concurrent-jobs=${jobs}`, ...properties, '--max-wait-time=10', '--log-level=warning', name],
      ],
      env,
      log: join(directory, `${name}.log`),
    }),
  ];
}
