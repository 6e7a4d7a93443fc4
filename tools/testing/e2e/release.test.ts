import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readArchive, readImage } from '@slipway/adapters';
import { hostPlatform } from '@slipway/facts';
import { archOf } from '@slipway/model';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { leftovers, listing, stampOf } from '../src/listing.ts';
import { timeouts } from '../src/timeouts.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import { tarListing, tarMember } from '../src/tarball.ts';

const arch = archOf(hostPlatform());

const tars = (tree: Repo): string => tree.path('_output/release-tars');

/** sha256 of every artifact, by name. */
function artifacts(tree: Repo): Record<string, string> {
  const dirs = ['_output/release-tars', `_output/release-images/${arch}`];
  const paths = dirs.flatMap((dir) => readdirSync(tree.path(dir)).map((name) => join(dir, name)));
  return Object.fromEntries(
    paths.sort().map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(tree.path(path)))
        .digest('hex'),
    ]),
  );
}

describe('quick-release', () => {
  test('is the whole set, with the right contents in each file', async () => {
    await using tree = repo('configured');
    expectDone(await tree.slipway(['quick-release', '--without-docker']));
    expect(readdirSync(tars(tree)).sort()).toEqual([
      'SHA256SUMS',
      'SHA512SUMS',
      `gated-client-linux-${arch}.tar.gz`,
      'gated-manifests.tar.gz',
      `gated-server-linux-${arch}.tar.gz`,
      'gated-src.tar.gz',
      'gated-test-portable.tar.gz',
      'gated.cdx.json',
      'gated.spdx.json',
      'gated.tar.gz',
      'provenance.json',
    ]);
    const of = (name: string) => tarListing(join(tars(tree), name));
    expect(Object.keys(of(`gated-client-linux-${arch}.tar.gz`))).toEqual([
      'gated/',
      'gated/client/',
      'gated/client/bin/',
      'gated/client/bin/gate',
    ]);
    expect(Object.keys(of(`gated-server-linux-${arch}.tar.gz`))).toEqual([
      'gated/',
      'gated/LICENSES/',
      'gated/LICENSES/LICENSE',
      'gated/addons/',
      'gated/gated-src.tar.gz',
      'gated/server/',
      'gated/server/bin/',
      'gated/server/bin/gate',
      'gated/server/bin/keeper',
      'gated/server/bin/keeper.docker_tag',
      'gated/server/bin/keeper.tar',
    ]);
    expect(of('gated-manifests.tar.gz')).toEqual({
      'gated/': 'drwxr-xr-x 0/0',
      'gated/manifests/': 'drwxr-xr-x 0/0',
      'gated/manifests/manifests/': 'drwxr-xr-x 0/0',
      'gated/manifests/manifests/deep/': 'drwxr-xr-x 0/0',
      'gated/manifests/manifests/deep/service.yaml': '-rw-r--r-- 0/0 14',
      'gated/manifests/manifests/keeper.yaml': '-rw-r--r-- 0/0 10',
      'gated/manifests/manifests/start.sh': '-rwxr-xr-x 0/0 23',
    });
    expect(of('gated.tar.gz')).toMatchObject({
      'gated/version': '-rw-r--r-- 0/0 7',
      'gated/README.md': '-rw-r--r-- 0/0 25',
      'gated/client/README': expect.any(String),
      'gated/server/gated-manifests.tar.gz': expect.any(String),
    });
    expect(Object.keys(of('gated-src.tar.gz'))).toContain('programs/gate/main.go');
    const server = join(tars(tree), `gated-server-linux-${arch}.tar.gz`);
    expect(tarMember(server, 'gated/server/bin/keeper.docker_tag').toString()).toBe('v1.2.3\n');
    expect(tarMember(server, 'gated/server/bin/keeper')).toEqual(readFileSync(tree.path(tree.published('keeper'))));
    for (const sum of ['sha256', 'sha512'])
      execFileSync(`${sum}sum`, ['--check', '--quiet', `${sum.toUpperCase()}SUMS`], { cwd: tars(tree) });
    expectDone(await tree.slipway(['release', 'verify', tars(tree)]));
    const { subject, predicate } = JSON.parse(tree.read('_output/release-tars/provenance.json'));
    expect(subject.slice(8).map(({ name }: { name: string }) => name)).toEqual([
      ...[`${arch}/keeper.tar`, `registry.example/gated/keeper-${arch}`, 'registry.example/gated/keeper'],
    ]);
    const inputs: { name: string; digest: Record<string, string> }[] = predicate.buildDefinition.resolvedDependencies;
    expect(inputs[0]!.digest['gitCommit']).toBe(tree.git('rev-parse', 'HEAD'));
    const names = inputs.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['source archive', 'go/bin/go', 'go.mod', 'stdlib']));
    expect(inputs.find(({ name }) => name === 'go.mod')!.digest['sha256']).toBe(
      createHash('sha256').update(tree.read('go.mod')).digest('hex'),
    );
    const sbom = JSON.parse(tree.read('_output/release-tars/gated.spdx.json'));
    expect(sbom.packages.map(({ name }: { name: string }) => name)).toEqual([
      `registry.example/gated/keeper-${arch}`,
      'gate',
      'keeper',
      'configured.example/tree',
      'stdlib',
    ]);
  });

  test('in two directories, under another umask, on one core, beside another engine: the same bytes', async () => {
    await using one = repo('configured');
    await using two = repo('configured', 'elsewhere/with another name');
    chmodSync(two.path('README.md'), 0o664);
    utimesSync(two.path('manifests/keeper.yaml'), 1, 1);
    expectDone(await one.slipway(['quick-release', '--without-docker']));
    const wrapper = ['sh', '-c', 'umask 077; exec taskset 1 "$@"', 'sh'];
    expectDone(
      await two.slipway(['quick-release', '--without-docker', '-j1'], {
        wrapper,
        env: { GOCACHE: two.path('../go-build'), DOCKER_HOST: 'ssh://builder@machine.example' },
      }),
    );
    expect(artifacts(two)).toEqual(artifacts(one));
  });

  test('changes nothing the second time; a missing or damaged file is made again with the same bytes', async () => {
    await using tree = repo('configured');
    expectDone(await tree.slipway(['quick-release', '--without-docker']));
    const before = listing(tree.path('_output/release-tars'));
    const right = artifacts(tree);
    const planned = await tree.slipway(['quick-release', '--without-docker', '-n']);
    expect(planned.stdout).toMatch(/^expected +[\d.]+ (?:MB|kB) +_output\/release-tars\/gated-src\.tar\.gz$/m);
    expect(planned.stdout).toMatch(/^expected +[\d.]+ MB in 13 of 13 artifacts, as the last release was$/m);
    expectDone(await tree.slipway(['quick-release', '--without-docker']));
    expect(listing(tree.path('_output/release-tars'))).toEqual(before);
    const client = join(tars(tree), `gated-client-linux-${arch}.tar.gz`);
    rmSync(client);
    execFileSync('sh', ['-c', 'echo more >> "$0"', join(tars(tree), 'gated.tar.gz')]);
    const source = stampOf(join(tars(tree), 'gated-src.tar.gz'));
    expectDone(await tree.slipway(['quick-release', '--without-docker']));
    expect(artifacts(tree)).toEqual(right);
    expect(stampOf(join(tars(tree), 'gated-src.tar.gz'))).toBe(source);
  });

  test('with zstd is the same set by other names, and is read like it', async () => {
    await using tree = repo('configured');
    expectDone(await tree.slipway(['quick-release', '--without-docker', 'SLIPWAY_COMPRESSION=zstd']));
    const server = join(tars(tree), `gated-server-linux-${arch}.tar.zst`);
    expect(readdirSync(tars(tree)).filter((name) => name.endsWith('.tar.gz'))).toEqual([]);
    expect((await readArchive(server)).members.map(({ path }) => path)).toContain('gated/gated-src.tar.zst');
    expectDone(await tree.slipway(['release', 'verify', tars(tree)]));
    expectDone(await tree.slipway(['release', 'audit']));
    const wrong = await tree.slipway(['quick-release', '--without-docker', 'SLIPWAY_COMPRESSION=xz']);
    expectFailure(wrong, 'BAD_VALUE', { hint: 'gzip or zstd' });
  });

  test('a tree with changes ships its files as they are', async () => {
    await using tree = repo('configured');
    tree.write({ 'notes.txt': 'new\n', '.gitignore': 'scratch\n', 'scratch/x': 'x' });
    expectDone(await tree.slipway(['package-tarballs', '--without-docker', '--profile', 'release', '-n']));
    expectDone(await tree.slipway(['quick-release', '--without-docker']));
    const names = Object.keys(tarListing(join(tars(tree), 'gated-src.tar.gz')));
    expect(names).toContain('gated/notes.txt');
    expect(names.filter((name) => /scratch|_output|\.git\//.test(name))).toEqual([]);
  });

  test('a link of the tree that strict readers refuse is shipped, and a note names it before', async () => {
    await using tree = repo('configured');
    symlinkSync('/etc/hosts', tree.path('hosts'));
    tree.git('add', '--all');
    tree.git('commit', '--quiet', '--message', 'an absolute link');
    const released = await tree.slipway(['quick-release', '--without-docker']);
    expectDone(released);
    expect(released.stdout).toContain('gated-src.tar.gz: hosts: it links to an absolute path; release verify refuses');
    expect(Object.keys(tarListing(join(tars(tree), 'gated-src.tar.gz')))).toContain('hosts -> /etc/hosts');
    const verified = await tree.slipway(['release', 'verify', tars(tree)]);
    expect(verified).toMatchObject({ exit: 4, stdout: expect.stringContaining('it links to an absolute path') });
  });
});

describe('images', () => {
  test('every digest is that of its blob', async () => {
    await using tree = repo('configured');
    expectDone(
      await tree.slipway(['quick-release-images', '--without-docker', 'KUBE_DOCKER_REGISTRY=localhost:5000/x']),
    );
    expect(existsSync(tars(tree))).toBe(false);
    const image = tree.path(`_output/release-images/${arch}/keeper.tar`);
    const json = (member: string) => JSON.parse(tarMember(image, member).toString());
    const checked = (digest: string): Buffer => {
      const blob = tarMember(image, `blobs/${digest.replace(':', '/')}`);
      expect(`sha256:${createHash('sha256').update(blob).digest('hex')}`).toBe(digest);
      return blob;
    };
    const [saved] = json('manifest.json');
    expect(saved.RepoTags).toEqual([
      `registry.example/gated/keeper-${arch}:v1.2.3`,
      `localhost:5000/x/keeper-${arch}:v1.2.3`,
    ]);
    const index = json('index.json');
    expect(index.manifests).toHaveLength(2);
    const manifest = JSON.parse(checked(index.manifests[0].digest).toString());
    const config = JSON.parse(checked(manifest.config.digest).toString());
    const layers = manifest.layers.map(({ digest, size }: { digest: string; size: number }) => {
      const layer = checked(digest);
      expect(layer.length).toBe(size);
      return `sha256:${createHash('sha256').update(gunzipSync(layer)).digest('hex')}`;
    });
    expect(config).toMatchObject({
      architecture: arch,
      os: 'linux',
      created: '2024-01-02T03:04:05Z',
      config: { Entrypoint: ['/usr/local/bin/keeper'], User: '65532:65532' },
      rootfs: { type: 'layers', diff_ids: layers },
    });
  });

  test('a name of the configuration that does not exist is an error before anything is built', async () => {
    await using tree = repo('configured');
    tree.write({
      'slipway.config.ts': tree.read('slipway.config.ts').replace("images: ['keeper']", "images: ['keepr']"),
    });
    expectFailure(await tree.slipway(['quick-release-images', '--without-docker']), 'BAD_CONFIG', {
      says: 'release.images names keepr, which is not a binary of a set',
      hint: 'correct the file',
    });
    expect(existsSync(tree.path('_output'))).toBe(false);
  });
});

/** More of them by hand: `RELEASE_KILLS=50 vitest run …`. */
const KILLS = Number(process.env['RELEASE_KILLS'] ?? 5);

test(
  'after kills at random instants no partial file has a final name, and the end is the same',
  { timeout: timeouts.test + KILLS * timeouts.round },
  async () => {
    await using undisturbed = repo('configured');
    await using tree = repo('configured');
    const started = performance.now();
    expectDone(await undisturbed.slipway(['quick-release', '--without-docker']));
    const whole = performance.now() - started;
    const right = artifacts(undisturbed);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = tree.start(['quick-release', '--without-docker']);
      await new Promise((resolve) => setTimeout(resolve, whole * Math.random()));
      running.signal('SIGKILL', 'group');
      await running.ended;
      if (!existsSync(tars(tree))) continue;
      for (const name of readdirSync(tars(tree)).filter((each) => each.endsWith('.tar.gz') && !each.startsWith('.')))
        execFileSync('gzip', ['--test', join(tars(tree), name)]);
    }
    expectDone(await tree.slipway(['quick-release', '--without-docker']));
    expect(artifacts(tree)).toEqual(right);
    expect(leftovers(tree.path('_output'))).toEqual([]);
  },
);

test("of a tree with scripts: an image that its Makefile builds, of the tree's files and binaries", async () => {
  await using tree = repo('kubernetes-shaped');
  const host = hostPlatform();
  const variables = [`KUBE_BUILD_PLATFORMS=${host}`, 'KUBE_GORUNNER_IMAGE=scratch', 'KUBE_BUILD_CONFORMANCE=y'];
  const asked = [...variables, 'KUBE_EVERYTHING_BASE_IMAGE=scratch'];
  expectDone(await tree.slipway(['release-skip-tests', '--without-docker', ...asked]));
  expectDone(await tree.slipway(['release', 'audit', '--without-docker', ...asked]));
  const { names, layers } = await readImage(tree.path(`_output/release-images/${arch}/everything-${arch}.tar`));
  expect(names).toEqual([`registry.example/everything-${arch}:v1.2.3`]);
  expect(layers.map(({ members }) => members.map(({ path }) => path).at(-1))).toEqual([
    'usr/local/bin/everything',
    'everything/sources/greet/greet.go',
    'everything/Makefile',
  ]);
  const [program] = layers[0]!.members.slice(-1);
  const ctl = createHash('sha256').update(readFileSync(tree.path(tree.published('ctl'))));
  expect(program).toMatchObject({ sha256: ctl.digest('hex'), mode: 0o755 });
});

test('of a tree with scripts: files that they pack and the tree lacks are named', async () => {
  await using tree = repo('kubernetes-shaped');
  const copied = 'cp -R "${KUBE_ROOT}/LICENSES" "${stage}/"';
  const script = tree.read('build/lib/release.sh');
  tree.write({ 'build/lib/release.sh': script.replace('  echo "${KUBE_GIT_VERSION}"', `  ${copied}\n$&`) });
  const planned = await tree.slipway(['package-tarballs', '--without-docker', '-n', 'KUBE_GORUNNER_IMAGE=scratch']);
  expectDone(planned);
  expect(planned.stdout).toContain("LICENSES: left out: the tree's scripts pack it, and it is not there");
});

/** Runs the tree's own packaging on the same binaries; an image is a tar of its context there. */
const ownPackaging = `
source build/common.sh
source build/lib/release.sh
docker() {
  case "$1" in
    buildx) tar cf "$LOCAL_OUTPUT_ROOT/image.tar" -C "\${@: -1}" . ;;
    save) if [[ $2 == -o ]]; then cp "$LOCAL_OUTPUT_ROOT/image.tar" "$3"; else cat "$LOCAL_OUTPUT_ROOT/image.tar"; fi ;;
  esac
}
umask 022
KUBE_GIT_VERSION=v1.2.3 KUBE_GIT_TREE_STATE=clean
kube::release::package_tarballs
`;

test("of a tree with scripts: the members, modes and sizes of the tree's own packaging", async () => {
  await using tree = repo('kubernetes-shaped');
  const host = hostPlatform();
  const variables = [`KUBE_BUILD_PLATFORMS=${host}`, 'KUBE_GORUNNER_IMAGE=scratch'];
  expectDone(await tree.slipway(['release-skip-tests', '--without-docker', ...variables]));
  const theirs = tree.path('_output/theirs');
  mkdirSync(join(theirs, 'dockerized/bin', host, '..'), { recursive: true });
  cpSync(tree.path('_output/local/bin', host), join(theirs, 'dockerized/bin', host), { recursive: true });
  const env = { ...tree.env, OUT_DIR: '_output/theirs', KUBE_BUILD_PLATFORMS: host };
  execFileSync('bash', ['-c', ownPackaging], { cwd: tree.dir, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const names = readdirSync(join(theirs, 'release-tars')).sort();
  expect(names).toHaveLength(4);
  expect(
    readdirSync(tars(tree))
      .filter((name) => name.endsWith('.gz'))
      .sort(),
  ).toEqual(names);
  // Images and compressed archives are made by other programs.
  const comparable = (listed: Record<string, string>) =>
    Object.entries(listed)
      .map(([path, what]) => [path, /\.(tar|gz)$/.test(path) ? what.replace(/ \d+$/, '') : what])
      .sort();
  for (const name of names)
    expect(comparable(tarListing(join(tars(tree), name))), name).toEqual(
      comparable(tarListing(join(theirs, 'release-tars', name))),
    );
});
