import { createHash, randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { blockCompressors, realImageWriter, realOutputFiles, realRegistry } from '@slipway/adapters';
import { hostPlatform } from '@slipway/facts';
import { type Platform, archOf } from '@slipway/model';
import { engine, whyNoEngine } from '../src/engine-rig.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { type RegistryServer, startRegistry } from '../src/registry-server.ts';
import { repo } from '../src/repo-rig.ts';

const PLATFORMS = 'linux/amd64 linux/arm64';
const OCI = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json';

const dir = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
afterAll(() => rmSync(dir, { recursive: true }));

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Contents of a registry under a name, with every digest checked. */
async function manifestOf(server: RegistryServer, repository: string, version: string) {
  const answer = await fetch(`http://${server.host}/v2/${repository}/manifests/${version}`, {
    headers: { accept: OCI },
  });
  expect(answer.status, `${repository}:${version}`).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get('docker-content-digest')).toBe(sha256(bytes));
  return JSON.parse(bytes.toString()) as {
    manifests: { digest: string; platform: object }[];
    config: { digest: string };
    layers: { digest: string; size: number }[];
  };
}

async function blobOf(server: RegistryServer, repository: string, digest: string): Promise<Buffer> {
  const answer = await fetch(`http://${server.host}/v2/${repository}/blobs/${digest}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(sha256(bytes)).toBe(digest);
  return bytes;
}

async function registryFor(skip: (why: string) => never, login?: string): Promise<RegistryServer> {
  const server = await startRegistry(login === undefined ? {} : { login });
  return 'why' in server ? skip(server.why) : server;
}

describe('push-images', () => {
  test('sends each platform under its name, and one name for all; a second time it sends nothing', async ({ skip }) => {
    await using server = await registryFor(skip);
    await using tree = repo('configured');
    const push = [
      'push-images',
      `KUBE_DOCKER_REGISTRY=${server.host}/some/release`,
      `KUBE_BUILD_PLATFORMS=${PLATFORMS}`,
    ];
    const planned = await tree.slipway([...push, '-n']);
    expectDone(planned);
    expect(planned.stdout).toContain(
      `push an index of linux/amd64, linux/arm64 to ${server.host}/some/release/keeper:v1.2.3`,
    );
    expectDone(await tree.slipway(push));
    const index = await manifestOf(server, 'some/release/keeper', 'v1.2.3');
    expect(index.manifests.map(({ platform }) => platform)).toEqual([
      { architecture: 'amd64', os: 'linux' },
      { architecture: 'arm64', os: 'linux', variant: 'v8' },
    ]);
    for (const [i, arch] of ['amd64', 'arm64'].entries()) {
      const alone = await manifestOf(server, `some/release/keeper-${arch}`, 'v1.2.3');
      expect(await manifestOf(server, 'some/release/keeper', index.manifests[i]!.digest)).toEqual(alone);
      const config = JSON.parse((await blobOf(server, 'some/release/keeper', alone.config.digest)).toString());
      expect(config).toMatchObject({ architecture: arch, os: 'linux' });
      const layers = await Promise.all(alone.layers.map(({ digest }) => blobOf(server, 'some/release/keeper', digest)));
      expect(layers.map((layer) => sha256(gunzipSync(layer)))).toEqual(config.rootfs.diff_ids);
    }
    const again = await tree.slipway([...push, '--explain']);
    expectDone(again);
    expect(again.stdout).toMatch(/fresh .*keeper:v1\.2\.3.*has all of it/);
  });

  test('pushes an image on a pushed base, and an engine runs it', async ({ skip }) => {
    const why = await whyNoEngine();
    if (why !== undefined) skip(why);
    await using server = await registryFor(skip);
    await using tree = repo('configured');
    const base = `${server.host}/bases/keeper`;
    expectDone(await tree.slipway(['push-images', 'KUBE_FASTBUILD=true', `KUBE_DOCKER_REGISTRY=${server.host}/bases`]));
    const digest = sha256(
      Buffer.from(
        await (
          await fetch(`http://${server.host}/v2/bases/keeper/manifests/v1.2.3`, { headers: { accept: OCI } })
        ).arrayBuffer(),
      ),
    );
    const config = tree.read('slipway.config.ts');
    expect(config).toContain('release: {');
    tree.write({ 'slipway.config.ts': config.replace('release: {', `release: { base: '${base}@${digest}',`) });
    expectDone(
      await tree.slipway(['load-images', 'KUBE_DOCKER_REGISTRY=slipway.example', 'KUBE_DOCKER_IMAGE_TAG=loaded']),
    );
    const name = `slipway.example/keeper-${archOf(hostPlatform())}:loaded`;
    try {
      const { RootFS } = await engine<{ RootFS: { Layers: string[] } }>('GET', `/images/${name}/json`);
      expect(RootFS.Layers).toHaveLength(2);
      const said = spawnSync('docker', ['run', '--rm', '--network', 'none', name], { encoding: 'utf8' });
      expect(said.stdout + said.stderr).toMatch('keeper v1');
    } finally {
      await engine('DELETE', `/images/${name}?force=true`);
    }
  });

  test('logs in if the registry requires it', async ({ skip }) => {
    await using server = await registryFor(skip, 'writer:$2b$04$..hByVMzG5mOceagDXWBzeOIf.aEqrE3YdiUG0jSVAByVd.w/3ZM.');
    await using tree = repo('configured');
    const push = ['push-images', 'KUBE_FASTBUILD=true', `KUBE_DOCKER_REGISTRY=${server.host}/x`];
    const env = { DOCKER_CONFIG: dir };
    expectFailure(await tree.slipway(push, { env }), 'NOT_PUSHED', { says: 'authentication required' });
    const auth = Buffer.from('writer:open sesame').toString('base64');
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ auths: { [server.host]: { auth } } }));
    expectDone(await tree.slipway(push, { env }));
  });

  test('needs a registry', async () => {
    await using tree = repo('configured');
    expectFailure(await tree.slipway(['push-images']), 'BAD_USAGE', { says: 'push-images needs a registry' });
  });
});

/** Counts the bytes that a client sends, and cuts its connection after each so many. */
async function cutting(port: number, every: number) {
  let sent = 0;
  let cuts = 0;
  const relay = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      socket.on('close', () => (near.destroy(), far.destroy()));
    }
    far.pipe(near);
    near.on('data', (data) => {
      sent += data.length;
      if (sent > every * (cuts + 1) && cuts < 3) return void (cuts++, near.destroy());
      if (far.write(data)) return;
      near.pause();
      far.once('drain', () => near.resume());
    });
  });
  await new Promise<void>((done) => relay.listen(0, '127.0.0.1', done));
  return {
    host: `127.0.0.1:${(relay.address() as AddressInfo).port}`,
    seen: () => ({ sent, cuts }),
    [Symbol.asyncDispose]: () => new Promise<void>((done) => relay.close(() => done())),
  };
}

test('a broken transfer resumes; layers of one repository are not sent to another', async ({ skip }) => {
  await using server = await registryFor(skip);
  const size = 60 << 20;
  writeFileSync(join(dir, 'program'), randomBytes(size));
  const platform = 'linux/amd64' as Platform;
  const archive = join(dir, 'image.tar');
  await using compressors = blockCompressors();
  await realImageWriter(realOutputFiles(), compressors).write(archive, {
    ...{ platform, names: ['x'], base: undefined, config: {}, root: dir, time: 1 },
    layers: [[{ path: 'program', file: 'program', mode: 0o755 }]],
  });
  await using relay = await cutting(server.port, 20 << 20);
  const images = [{ archive, name: `${relay.host}/a/program-amd64:v1`, platform }];
  const signal = new AbortController().signal;
  const plainly = { annotations: {}, others: [], set: dir, moveTags: false, signal };
  const pushing = { ...plainly, name: `${relay.host}/a/program:v1`, images };
  expect(await realRegistry(realOutputFiles(), {}).push(pushing)).toMatchObject({ is: 'pushed' });
  const { sent, cuts } = relay.seen();
  expect(cuts).toBe(3);
  // Each piece is sent once, and for each cut at most the broken piece again.
  expect(sent).toBeLessThan(size + (cuts + 1) * (16 << 20));
  for (const repository of ['a/program-amd64', 'a/program']) {
    const top = await manifestOf(server, repository, 'v1');
    const { layers } =
      top.manifests === undefined ? top : await manifestOf(server, repository, top.manifests[0]!.digest);
    expect((await blobOf(server, repository, layers[0]!.digest)).length).toBe(layers[0]!.size);
  }
  // Another run knows only the registry's contents.
  expect(await realRegistry(realOutputFiles(), {}).push(pushing)).toMatchObject({ is: 'same' });
});
