import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CacheServer, freePort, started } from './cache-servers.ts';
import type { Certificate } from './certificates.ts';
import { kept } from './go-tool.ts';

/** A registry of images, with a disk of its own. */
export interface RegistryServer extends Pick<CacheServer, 'port' | 'directory' | 'signal'>, AsyncDisposable {
  /** As it stands before the name of an image. */
  readonly host: string;
}

export interface RegistryOptions {
  /** Nothing for nobody: `user:bcrypt`. */
  readonly login?: string;
  /** It speaks TLS, and shows this. */
  readonly certificate?: Certificate;
}

/** Debian's docker-registry (distribution 2.8), unpacked and not installed; `why` there is none. */
export async function startRegistry({ login, certificate }: RegistryOptions = {}): Promise<
  RegistryServer | { readonly why: string }
> {
  const program = distribution();
  if (typeof program !== 'string') return program;
  const directory = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  const port = await freePort();
  if (login !== undefined) writeFileSync(join(directory, 'htpasswd'), `${login}\n`);
  const settings = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: directory } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(certificate && { tls: { certificate: certificate.certificate, key: certificate.key } }),
    },
    ...(login === undefined ? {} : { auth: { htpasswd: { realm: 'r', path: join(directory, 'htpasswd') } } }),
  };
  // JSON is YAML.
  writeFileSync(join(directory, 'settings.yml'), JSON.stringify(settings));
  const child = spawn(program, ['serve', join(directory, 'settings.yml')], { stdio: 'ignore' });
  const server = await started(child, port, directory);
  return { ...server, host: `127.0.0.1:${port}` };
}

function distribution(): string | { readonly why: string } {
  if (!existsSync('/etc/debian_version')) return { why: 'a registry is taken from Debian' };
  const program = join(kept, 'docker-registry');
  if (existsSync(program)) return program;
  mkdirSync(kept, { recursive: true });
  const directory = mkdtempSync(join(kept, 'unpacked-'));
  const inDirectory = (...argv: [string, ...string[]]): void =>
    void execFileSync(argv[0], argv.slice(1), { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    download(inDirectory);
    inDirectory(
      'dpkg-deb',
      '-x',
      readdirSync(directory).find((name) => name.endsWith('.deb'))!,
      'x',
    );
    renameSync(join(directory, 'x/usr/bin/docker-registry'), program);
    return program;
  } catch (error) {
    return { why: `apt-get download docker-registry: ${String(error)}` };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A fresh machine has no lists of packages, or old ones. */
function download(inDirectory: (...argv: [string, ...string[]]) => void): void {
  const get = (): void => inDirectory('apt-get', '-o', 'APT::Sandbox::User=root', 'download', 'docker-registry');
  try {
    get();
  } catch {
    inDirectory('apt-get', 'update');
    get();
  }
}
