import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine, pushImage, usualSocket, whyNoEngine, withoutWaiting } from '../src/engine-rig.ts';
import { unless } from '../src/machine-programs.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { startRegistry } from '../src/registry-server.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

const why = (await whyNoEngine()) ?? (process.getuid?.() === 0 ? undefined : 'cutting the network needs root');

/**
 * A tree without a C compiler, and unlike the tree of any other test, so that no other test sees the image being made.
 */
const packages = 'base-passwd bash coreutils dash findutils grep sed tar';

describe('the base image of builds', unless(why), () => {
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
  });

  /** With their modes: a rootless engine closes a directory that no layer has. */
  const directoriesOf = async (name: string): Promise<string[]> => {
    const list = "--to-command=tar --list --verbose 2> /dev/null | sed -nE 's/^(d\\S+) .* (\\S+)$/\\1 \\2/p'";
    const tar = spawn('tar', ['--extract', list, '--wildcards', '*.tar'], { stdio: ['pipe', 'pipe', 'inherit'] });
    get({ socketPath: usualSocket, path: `/images/${name}/get` }, (archive) => archive.pipe(tar.stdin));
    return (await text(tar.stdout)).split('\n').map((line) => line.replace(' ./', ' '));
  };

  const idOf = async (name: string): Promise<string> =>
    (await engine<{ Id: string }>('GET', `/images/${name}/json`)).Id;

  test('has the same bytes at any time, in any place and for any user, the second time without a network', async () => {
    const first = await slipway(['--explain', 'make-build-image', '--from-packages', '-B']);
    expectDone(first);
    const name = /kube-cross:\S+/.exec(first.stdout)![0];
    removed.push(name);
    const id = await idOf(name);
    await engine('DELETE', `/images/${name}?force=1`);
    await using other = repo('plain', 'elsewhere').write({ 'build/build-image/packages.txt': packages });
    // Only the loopback device, which is down; the engine is behind a socket of the file system.
    const secretive = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
    const cut = {
      wrapper: ['unshare', '--net', '--', ...secretive],
      env: { XDG_CACHE_HOME: tree.env['XDG_CACHE_HOME'] },
    };
    const second = await other.slipway(['--explain', 'make-build-image', '--from-packages'], cut);
    expectDone(second);
    expect(second.stdout).toMatch(/ran +make the base image/);
    expect(await idOf(name)).toBe(id);
    expect(await directoriesOf(name)).toContain('drwxr-xr-x usr/local/');
    expectDone(await other.slipway(['make-clean']));
  });

  test('comes from a named registry, and is not the local one', async ({ skip }) => {
    const started = await startRegistry();
    if ('why' in started) return skip(started.why);
    await using registry = started;
    const here = `${registry.host}/kube-cross`;
    removed.push(`${here}:there`);
    // A build on it uses the proxy that it was given.
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
