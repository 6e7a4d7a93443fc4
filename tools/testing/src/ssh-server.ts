import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { timeouts } from './timeouts.ts';
import { answers, freePort } from './cache-servers.ts';

/** An sshd of one key, and an `ssh` whose user knows it as `engine`. */
export class SshServer implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'slipway-sshd-'));
  readonly #daemon: ChildProcess;
  /** To be first on PATH. */
  readonly bin = join(this.#directory, 'bin');

  private constructor(port: number) {
    const path = (name: string): string => join(this.#directory, name);
    for (const name of ['host', 'user', 'stranger'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path(name)]);
    const server = {
      ListenAddress: `127.0.0.1:${port}`,
      HostKey: path('host'),
      AuthorizedKeysFile: path('user.pub'),
      StrictModes: 'no',
      UsePAM: 'no',
      PidFile: 'none',
    };
    writeFileSync(path('sshd_config'), lines(server));
    writeFileSync(path('known_hosts'), `[127.0.0.1]:${port} ${readFileSync(path('host.pub'), 'utf8')}`);
    const client = {
      HostName: '127.0.0.1',
      Port: String(port),
      User: userInfo().username,
      UserKnownHostsFile: path('known_hosts'),
      IdentitiesOnly: 'yes',
    };
    const hosts = [
      ['engine', { ...client, IdentityFile: path('user') }],
      ['locked', { ...client, IdentityFile: path('stranger') }],
      ['unknown', { ...client, IdentityFile: path('user'), UserKnownHostsFile: '/dev/null' }],
    ] as const;
    writeFileSync(path('ssh_config'), hosts.map(([name, each]) => `Host ${name}\n${lines(each)}`).join(''));
    mkdirSync(this.bin);
    writeFileSync(join(this.bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${path('ssh_config')}' "$@"\n`);
    chmodSync(join(this.bin, 'ssh'), 0o755);
    // Where sshd puts those who have not logged in yet.
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    this.#daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path('sshd_config')], { stdio: 'ignore' });
  }

  static async start(): Promise<SshServer> {
    const port = await freePort();
    const server = new SshServer(port);
    for (const end = performance.now() + timeouts.event; !(await answers(port));) {
      if (performance.now() > end) throw new Error('sshd did not start');
      await sleep(50);
    }
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#daemon.once('exit', resolve));
    this.#daemon.kill();
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const lines = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
