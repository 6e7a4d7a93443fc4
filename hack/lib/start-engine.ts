import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const socket = '/var/run/docker.sock';
const pidFile = '/var/run/docker.pid';
const log = '/var/log/dockerd.log';
/** The engine, its packet filter, and the programs that tests use for networks. */
const packages = { dockerd: 'docker.io', iptables: 'iptables', ip: 'iproute2' } as const;
/** An engine is ready in 0.4–1.3 s on two idle cores. */
const WAIT_SECONDS = 300;

/**
 * Starts an engine on its usual socket if none answers there. Installs missing packages, removes leftovers of a killed
 * engine, starts dockerd detached from this terminal, and waits. Returns the exit code: 0 ready, 2 wrong place, 3
 * cannot be installed, 4 it did not come up.
 */
export async function startEngine(say: (line: string) => void): Promise<number> {
  const running = await engineVersion();
  if (running !== undefined) return done(say, `an engine answers already: Docker ${running} on ${socket}`, 0);
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    return done(say, 'error: an engine is started here on Debian as root only\n  hint: start Docker yourself', 2);
  const missing = Object.entries(packages).filter(([program]) => spawnSync('which', [program]).status !== 0);
  if (
    missing.length > 0 &&
    !install(
      missing.map(([, name]) => name),
      say,
    )
  )
    return 3;
  if (!readFileSync('/proc/mounts', 'utf8').includes(' /sys/fs/cgroup'))
    spawnSync('mount', ['-t', 'cgroup2', 'none', '/sys/fs/cgroup']);
  if (!isAlive(pidFile, 'dockerd')) forgetDeadEngine();
  const started = performance.now();
  const output = openSync(log, 'a');
  const child = spawn('dockerd', ['--host', `unix://${socket}`], { detached: true, stdio: ['ignore', output, output] });
  const ended = new Promise<false>((resolve) => child.once('exit', () => resolve(false)));
  const version = await Promise.race([waitForEngine(), ended]);
  child.unref();
  if (version === false)
    return done(say, `error: dockerd did not come up: ${lastTrouble()}\n  hint: ${log} has all of it`, 4);
  return done(
    say,
    `started Docker ${version} in ${((performance.now() - started) / 1000).toFixed(1)} s, its log is ${log}`,
    0,
  );
}

function done(say: (line: string) => void, line: string, exit: number): number {
  say(line);
  return exit;
}

function install(names: readonly string[], say: (line: string) => void): boolean {
  say(`installing ${names.join(', ')}`);
  const options = { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['-q', 'update'], options);
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  const { status, stderr, error } = spawnSync(
    'apt-get',
    ['-q', '-y', ...wait, '--no-install-recommends', 'install', ...names],
    options,
  );
  if (status === 0) return true;
  say(`error: apt-get install ${names.join(' ')} failed: ${error?.message ?? stderr.trim()}\n  hint: apt-get update`);
  return false;
}

/** After a kill, the pid files name processes that are gone, or zombies, which dockerd considers alive. */
function forgetDeadEngine(): void {
  const left = { [pidFile]: 'dockerd', '/var/run/docker/containerd/containerd.pid': 'containerd' };
  for (const [file, name] of Object.entries(left)) if (!isAlive(file, name)) rmSync(file, { force: true });
  rmSync(socket, { force: true });
  mkdirSync('/var/run/docker', { recursive: true });
}

function isAlive(file: string, name: string): boolean {
  try {
    const status = readFileSync(`/proc/${readFileSync(file, 'utf8').trim()}/status`, 'utf8');
    return status.startsWith(`Name:\t${name}\n`) && !/^State:\tZ/m.test(status);
  } catch {
    return false;
  }
}

async function waitForEngine(): Promise<string | false> {
  for (const end = performance.now() + WAIT_SECONDS * 1000; performance.now() < end; await sleep(100)) {
    const version = await engineVersion();
    if (version !== undefined) return version;
  }
  return false;
}

const lastTrouble = (): string =>
  readFileSync(log, 'utf8')
    .split('\n')
    .findLast((line) => /level=(?:fatal|error)|^failed/.test(line)) ?? 'it says no reason';

/** Undefined if no engine answers. */
function engineVersion(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, path: '/version', timeout: 5000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? versionIn(text) : undefined));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

function versionIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { Version?: string }).Version;
  } catch {
    return undefined;
  }
}
