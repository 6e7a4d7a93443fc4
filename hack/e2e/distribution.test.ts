import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cosign, cosignVerdicts, unless, whyWithout } from '@slipway/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../lib/check.ts';
import { makeDistribution } from '../lib/distribution.ts';
import { runBlocks } from '../lib/run-blocks.ts';

const place = mkdtempSync(join(tmpdir(), 'slipway-distribution-'));
const dist = join(place, 'dist');
/** Go's library is already compiled there. */
const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim();
let files: readonly string[];
const executable = (arch = 'amd64'): string => files.find((file) => file.endsWith(`-linux-${arch}.tar.gz`))!;
const key = join(place, 'publisher.pem');
const whyNoImage = whyNoPackages();
beforeAll(async () => {
  files = await makeDistribution(dist, { image: whyNoImage === undefined, key });
});
afterAll(() => rmSync(place, { recursive: true }));

test('all files for users have one version and one set of checksums', () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'tools/cli/package.json'), 'utf8')) as {
    version: string;
  };
  expect(files.filter((file) => !/arm64|image/.test(file))).toEqual([
    `slipway-${version}.tgz`,
    `slipway-nx-${version}.tgz`,
    `slipway-${version}-linux-amd64.tar.gz`,
    'provenance.json',
    'SHA256SUMS',
    'SHA512SUMS',
    'provenance.sigstore.json',
  ]);
});

test('the commands of docs/install.md install the files, and check their checksums and their signature', () => {
  const [home, checkout] = [join(place, 'reader'), join(place, 'checkout')];
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(checkout, '_output'), { recursive: true });
  symlinkSync(dist, join(checkout, '_output/dist'));
  const built = cosign();
  symlinkSync(typeof built === 'string' ? built : cosignVerdicts(), join(home, 'bin/cosign'));
  // A reader puts it there, because a set has only files with checksums.
  const given = join(checkout, 'publisher.pem.pub');
  cpSync(`${key}.pub`, given);
  const node = dirname(process.execPath);
  const env = {
    HOME: home,
    PATH: `${home}/bin:${home}/prefix/bin:${node}:${process.env['PATH']}`,
    NPM_CONFIG_PREFIX: `${home}/prefix`,
    NPM_CONFIG_OFFLINE: 'true',
  };
  const blocks = runBlocks(readFileSync(join(repositoryRoot, 'docs/install.md'), 'utf8'));
  expect(blocks).toHaveLength(5);
  for (const block of blocks) {
    const ended = spawnSync('bash', ['-euo', 'pipefail', '-c', block], { cwd: checkout, env, encoding: 'utf8' });
    expect(ended, block).toMatchObject({ status: 0 });
  }
  execFileSync(join(home, '.local/bin/slipway'), ['version'], { env });
  execFileSync(join(home, 'prefix/bin/slipway'), ['version'], { env });
  const [file] = files;
  const whole = readFileSync(join(dist, file!));
  writeFileSync(join(dist, file!), 'other bytes');
  for (const block of [blocks[2]!, blocks[4]!])
    expect(spawnSync('bash', ['-euo', 'pipefail', '-c', block], { cwd: checkout, env }).status, block).not.toBe(0);
  writeFileSync(join(dist, file!), whole);
});

test('the executable needs no Node and no network: through a link it builds, and the second run builds nothing', () => {
  const at = join(place, 'opt');
  mkdirSync(at);
  execFileSync('tar', ['-xzf', join(dist, executable()), '-C', at]);
  const [bin, tree] = [join(place, 'bin'), join(place, 'tree')];
  mkdirSync(bin);
  symlinkSync(join(at, executable().replace('.tar.gz', ''), 'slipway'), join(bin, 'slipway'));
  for (const name of ['go', 'git', 'bash', 'sh', 'readlink', 'env', 'cat'])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), tree, { recursive: true });
  const env = {
    PATH: bin,
    HOME: join(place, 'home'),
    GOPROXY: 'off',
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
    GOCACHE,
  };
  const run = (...words: readonly string[]) => spawnSync('slipway', ['-C', tree, ...words], { env, encoding: 'utf8' });
  expect(spawnSync('sh', ['-c', 'command -v node'], { env }).status).not.toBe(0);
  expect(run('version')).toMatchObject({ status: 0, stdout: expect.stringContaining('Node 24.') });
  const built = run('all');
  expect([built.status, built.stderr]).toEqual([0, '']);
  expect(run('all').stdout).toContain('nothing changed');
});

test('the executable for arm64 is the same program with a Node for arm64', ({ skip }) => {
  skip(executable('arm64') === undefined, 'npm cannot fetch the Node for arm64');
  const at = join(place, 'arm64');
  mkdirSync(at);
  for (const arch of ['amd64', 'arm64']) execFileSync('tar', ['-xzf', join(dist, executable(arch)), '-C', at]);
  const [other, own] = ['arm64', 'amd64'].map((arch) => join(at, executable(arch).replace('.tar.gz', ''))) as [
    string,
    string,
  ];
  // The machine in the header of an ELF file is aarch64.
  expect(readFileSync(join(other, 'lib/node')).readUInt16LE(18)).toBe(183);
  for (const directory of [own, other]) rmSync(join(directory, 'lib/node'));
  execFileSync('diff', ['--recursive', own, other]);
});

describe('the image', unless(whyNoImage), () => {
  const image = join(place, 'image');
  const root = (arch: string): string => join(place, `root-${arch}`);
  beforeAll(() => {
    mkdirSync(image);
    execFileSync('tar', [
      '-xf',
      join(
        dist,
        files.find((file) => file.endsWith('-image.tar'))!,
      ),
      '-C',
      image,
    ]);
    const loaded = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8')) as {
      readonly RepoTags: readonly [string];
      readonly Layers: readonly string[];
    }[];
    for (const { RepoTags, Layers } of loaded) {
      const to = root(RepoTags[0].split('-').at(-1)!);
      mkdirSync(to);
      for (const layer of Layers) execFileSync('tar', ['-xzf', join(image, layer), '-C', to]);
    }
  });

  test('has an index of both processors, which skopeo reads', ({ skip }) => {
    const why = whyWithout('skopeo');
    skip(why !== undefined, why);
    const tar = join(
      dist,
      files.find((file) => file.endsWith('-image.tar'))!,
    );
    const index = JSON.parse(
      execFileSync('skopeo', ['inspect', '--raw', `oci-archive:${tar}`], { encoding: 'utf8' }),
    ) as {
      readonly manifests: readonly { readonly platform: { readonly architecture: string } }[];
    };
    expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
    for (const arch of ['amd64', 'arm64'])
      execFileSync('skopeo', ['inspect', '--override-arch', arch, `oci-archive:${tar}`]);
  });

  test('builds a tree without a network, with its own git and a Go that is mounted', () => {
    const own = root('amd64');
    cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), join(own, 'tree'), { recursive: true });
    const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
    const script = `mkdir -p "$1/usr/local/go" "$1/go-cache"
mount --bind "$2" "$1/usr/local/go"
mount --bind "$3" "$1/go-cache"
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
exec chroot "$1" bash -c 'slipway -C /tree all && slipway -C /tree all && git --version'`;
    const words = ['--mount', '--net', 'sh', '-ec', script, 'sh', own, goroot, GOCACHE];
    const env = {
      PATH: '/usr/local/go/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      GOPROXY: 'off',
      GOCACHE: '/go-cache',
    };
    const ended = spawnSync('unshare', words, { env, encoding: 'utf8' });
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('nothing changed');
    expect(ended.stdout).toContain('git version 2.39');
    expect(existsSync(join(own, 'tree/_output/local/bin/linux/amd64/a'))).toBe(true);
  });

  test('starts for arm64 with the libraries in it', ({ skip }) => {
    const why = whyWithout('qemu-aarch64-static');
    skip(why !== undefined, why);
    const lib = join(root('arm64'), 'opt/slipway/lib');
    const words = ['-L', root('arm64'), join(lib, 'node'), join(lib, 'slipway.mjs'), 'version'];
    const ended = spawnSync('qemu-aarch64-static', words, { encoding: 'utf8', cwd: place });
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining('Node 24.') });
  });
});

test('a workspace of somebody else builds, tests and vets its Go module with the packages alone', () => {
  const workspace = join(place, 'workspace');
  cpSync(join(repositoryRoot, 'tools/testing/fixtures/plain/repo'), workspace, { recursive: true });
  writeFileSync(join(workspace, 'cmd/a/a_test.go'), 'package main\n\nimport "testing"\n\nfunc TestA(*testing.T) {}\n');
  const write = (file: string, content: object): void => writeFileSync(join(workspace, file), JSON.stringify(content));
  write('package.json', { name: 'theirs', private: true });
  write('nx.json', { plugins: ['@slipway/nx'], neverConnectToCloud: true, analytics: false });
  const tarballs = files.filter((file) => file.endsWith('.tgz')).map((file) => join(dist, file));
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps'];
  execFileSync('npm', ['install', ...options, ...tarballs], { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
  // A user's packages would come from a registry.
  symlinkSync(join(repositoryRoot, 'node_modules/nx'), join(workspace, 'node_modules/nx'));
  // The foreign Nx must not see the Nx and the colours of this test.
  const { PATH = '' } = process.env;
  const env = { PATH, NX_DAEMON: 'false', NO_COLOR: '1', HOME: join(place, 'home'), GOCACHE };
  const nx = (...words: readonly string[]) =>
    spawnSync(process.execPath, [join(workspace, 'node_modules/nx/dist/bin/nx.js'), ...words], {
      cwd: workspace,
      env,
      encoding: 'utf8',
    });
  const shown = nx('show', 'projects');
  expect([shown.status, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout.split('\n')).toEqual(expect.arrayContaining(['a', 'b']));
  const ran = nx('run-many', '-t', 'build', 'test', 'vet');
  expect(ran.status, ran.stdout + ran.stderr).toBe(0);
  expect(ran.stdout).toContain('nx run plain.example/plain:test');
  expect(ran.stdout).not.toContain('nx run plain.example/words:test');
  expect(existsSync(join(workspace, '_output/bin/a'))).toBe(true);
});

/** Why the image cannot be made and started here, if so. */
function whyNoPackages(): string | undefined {
  if (process.getuid?.() !== 0) return 'root alone changes the root directory';
  const system = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^VERSION_ID="12"$/m.test(system) && existsSync('/usr/bin/apt-get')
    ? undefined
    : 'the packages of the image are those of Debian 12';
}
