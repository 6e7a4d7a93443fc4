import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { archOf, type Environment } from '@slipway/model';
import { freePort } from '../src/cache-servers.ts';
import { engine, whyNoEngine } from '../src/engine-rig.ts';
import { expectDone } from '../src/expect-failure.ts';
import { goTool } from '../src/go-tool.ts';
import { whyWithout } from '../src/machine-programs.ts';
import { timeouts } from '../src/timeouts.ts';
import { type RegistryServer, startRegistry } from '../src/registry-server.ts';
import { startSlipway } from '../src/slipway-process.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');
const arch = archOf(hostPlatform());
const TAG = `tested-${process.pid}`;

/** The images of this repository, in archives and in a registry, read by other programs. */
describe('images of this repository', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  const archives = join(dir, 'release-images', arch);
  let registry: RegistryServer | { readonly why: string };
  const nameOf = (image: string, host: string): string => `${host}/x/${image}-${arch}:${TAG}`;

  beforeAll(async () => {
    registry = await startRegistry();
    const host = 'why' in registry ? 'slipway.example' : registry.host;
    const { ended } = startSlipway(
      [
        ...['-C', repositoryRoot, 'why' in registry ? 'release-images' : 'push-images', '--profile', 'dev'],
        ...[`OUT_DIR=${dir}`, 'KUBE_FASTBUILD=true'],
        ...[`KUBE_DOCKER_REGISTRY=${host}/x`, `KUBE_DOCKER_IMAGE_TAG=${TAG}`],
        ...('why' in registry ? ['--without-docker'] : []),
      ],
      { cwd: dir, env: process.env as Environment },
    );
    expectDone(await ended);
  });

  afterAll(async () => {
    if ('host' in registry) await registry[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });

  test('are valid to crane, as archives and in the registry', ({ skip }) => {
    if ('why' in registry) return skip(registry.why);
    const crane = goTool('crane', 'github.com/google/go-containerregistry/cmd/crane');
    const names = readdirSync(archives);
    expect(names).toContain('kube-apiserver.tar');
    for (const name of names) {
      const remote = nameOf(name.replace(/\.tar$/, ''), registry.host);
      // Digests, sizes, config and layers; crane reads each whole.
      execFileSync(crane, ['validate', '--tarball', join(archives, name)]);
      execFileSync(crane, ['validate', '--insecure', '--remote', remote]);
    }
  });

  test('podman loads images, and finds the described contents in them', ({ skip }) => {
    const why = process.getuid?.() === 0 ? whyWithout('podman') : 'podman keeps images of its own as root';
    if (why !== undefined) skip(why);
    const storage = ['--storage-driver', 'vfs', '--root', join(dir, 'podman'), '--runroot', join(dir, 'podman-run')];
    const podman = (...args: string[]): string => execFileSync('podman', [...storage, ...args], { encoding: 'utf8' });
    const said = podman('load', '--quiet', '--input', join(archives, 'kube-apiserver.tar'));
    const host = 'why' in registry ? 'slipway.example' : registry.host;
    expect(said).toContain(nameOf('kube-apiserver', host));
    const [image] = JSON.parse(podman('image', 'inspect', nameOf('kube-apiserver', host)));
    expect(image).toMatchObject({
      Architecture: arch,
      Config: { User: '65532:65532', Entrypoint: ['/usr/local/bin/kube-apiserver'] },
    });
    expect(image.RootFS.Layers).toHaveLength(1);
  });

  test('an engine loads kube-apiserver, which serves from its container', async ({ skip }) => {
    const why = await whyNoEngine();
    if (why !== undefined) skip(why);
    const docker = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' });
    expect(docker('load', '--input', join(archives, 'kube-apiserver.tar'))).toMatchObject({ status: 0 });
    const image = nameOf('kube-apiserver', 'why' in registry ? 'slipway.example' : registry.host);
    const port = await freePort();
    // The server listens on the loopback device alone, so the container must use this machine's.
    const started = docker(
      ...['run', '--detach', '--network', 'host', '--tmpfs', '/data:mode=1777', image],
      ...['--data-dir=/data', `--port=${port}`],
    );
    const container = started.stdout.trim();
    try {
      expect(started).toMatchObject({ status: 0 });
      expect(await healthOf(port), docker('logs', container).stderr).toBe('ok');
    } finally {
      if (container !== '') docker('rm', '--force', container);
      const { RepoTags } = await engine<{ RepoTags: string[] }>('GET', `/images/${image}/json`);
      for (const name of RepoTags) await engine('DELETE', `/images/${name}?force=true`);
    }
  });
});

/** Asks until it answers. */
async function healthOf(port: number): Promise<string | undefined> {
  for (const end = performance.now() + timeouts.event; performance.now() < end;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok === true) return answer.text();
    await sleep(100);
  }
  return undefined;
}
