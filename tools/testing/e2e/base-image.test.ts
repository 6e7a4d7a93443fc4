import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine, pushImage, whyNoEngine, withoutWaiting } from '../src/engine-rig.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { startRegistry } from '../src/registry-server.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

const why = (await whyNoEngine()) ?? (process.getuid?.() === 0 ? undefined : 'cutting the network needs root');
if (why !== undefined) process.stderr.write(`left out: the image builds begin with, as ${why}\n`);

/** Without a C compiler, and like no other test's, so that nobody else sees it being made. */
const packages = 'base-passwd bash coreutils dash findutils grep sed tar';

describe.skipIf(why !== undefined)('the image builds begin with', { timeout: 400_000 }, () => {
  let tree: Repo;
  const slipway = async (...how: Parameters<Repo['slipway']>) => withoutWaiting(await tree.slipway(...how));
  const removed: string[] = [];

  beforeAll(() => {
    tree = repo('plain').write({ 'build/build-image/packages.txt': packages });
  });

  afterAll(async () => {
    await slipway(['make-clean']);
    for (const name of removed) await engine('DELETE', `/images/${name}?force=1`);
    await tree[Symbol.asyncDispose]();
  }, 60_000);

  const idOf = async (name: string): Promise<string> =>
    (await engine<{ Id: string }>('GET', `/images/${name}/json`)).Id;

  test('is the same whenever and wherever it is made, the second time without a network', async () => {
    const first = await slipway(['--explain', 'make-build-image', '--from-packages', '-B']);
    expectDone(first);
    const name = /kube-cross:\S+/.exec(first.stdout)![0];
    removed.push(name);
    const id = await idOf(name);
    await engine('DELETE', `/images/${name}?force=1`);
    await using other = repo('plain', 'elsewhere').write({ 'build/build-image/packages.txt': packages });
    // Nothing but the loopback device, which is down; the engine is behind a socket of the file system.
    const cut = { wrapper: ['unshare', '--net', '--'], env: { XDG_CACHE_HOME: tree.env['XDG_CACHE_HOME'] } };
    const second = await other.slipway(['--explain', 'make-build-image', '--from-packages'], cut);
    expectDone(second);
    expect(second.stdout).toMatch(/ran +make the base image/);
    expect(await idOf(name)).toBe(id);
    expectDone(await other.slipway(['make-clean']));
  });

  test('comes from a registry that is named, and is not the one that was made', async ({ skip }) => {
    const started = await startRegistry();
    if ('why' in started) return skip(started.why);
    await using registry = started;
    const here = `${registry.host}/kube-cross`;
    removed.push(`${here}:there`);
    // Whoever builds on it asks for the proxy it was told.
    const command = 'ONBUILD RUN test "$HTTP_PROXY" = http://proxy.example:1';
    const { Id } = await engine<{ Id: string }>('POST', '/containers/create', { body: { Image: removed[0] } });
    await engine('POST', `/commit?container=${Id}&repo=${here}&tag=there&changes=${encodeURIComponent(command)}`);
    await engine('DELETE', `/containers/${Id}`);
    await pushImage(here, 'there');
    await engine('DELETE', `/images/${here}:there?force=1`);

    const named = [`KUBE_BASE_IMAGE_REGISTRY=${registry.host}`, 'KUBE_CROSS_VERSION=there'];
    const asked = ['--explain', 'make-build-image', ...named];
    const without = await slipway(asked);
    expect(without.stdout).toMatch(new RegExp(`pulled ${here}:there`));
    expectFailure({ ...without, stdout: '' }, 'IMAGE_FAILED', { says: 'returned a non-zero code' });
    removed.push(/kube-cross:there-\S+|kube-cross:go\S+/.exec(without.stdout)![0]);
    expectDone(await slipway(asked, { env: { HTTP_PROXY: 'http://proxy.example:1' } }));
    expect(await slipway(['run', ...named, '--', 'go', 'version'])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^go version/),
      stderr: '',
    });

    const wrong = await slipway(['make-build-image', `KUBE_CROSS_IMAGE=${here}`, 'KUBE_CROSS_VERSION=none']);
    expectFailure({ ...wrong, stdout: '' }, 'IMAGE_FAILED', {
      says: `image ${here}:none: `,
      hint: 'make-build-image --from-packages',
    });
  });
});
