import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, started } from '../src/cache-servers.ts';
import { makeAuthority } from '../src/certificates.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { cosign, cosignVerdicts, goTool } from '../src/go-tool.ts';
import { holdingProxy } from '../src/holding-proxy.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { pinnedWheel } from '../src/pinned-wheel.ts';
import { type RegistryOptions, type RegistryServer, startRegistry } from '../src/registry-server.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

/**
 * Release and images as other programs read them. One tree is released once, and each test pushes it to a registry of
 * its own.
 */
const BOTH = 'KUBE_BUILD_PLATFORMS=linux/amd64 linux/arm64';
const AMD64 = 'KUBE_BUILD_PLATFORMS=linux/amd64';
/** The number of kills during a push. */
const { SLIPWAY_KILLS: kills = '3' } = process.env;

const dir = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
let tree: Repo;
let key: string;
const crane = (): string => goTool('crane', 'github.com/google/go-containerregistry/cmd/crane');
const tars = (): string => tree.path('_output/release-tars');
/** The archive of a released image; a push adds the name in the registry. */
const archiveOf = (arch: string): string => join(dir, 'images', arch, 'keeper.tar');

beforeAll(async () => {
  tree = repo('configured');
  tree.write({ LICENSE: 'Apache License\nVersion 2.0, January 2004\nCopyright 2024 The Gate Authors\n' });
  tree.git('remote', 'add', 'origin', 'https://me:secret@code.example/gated.git');
  tree.commit('licensed');
  tree.git('tag', '--force', 'v1.2.3');
  expectDone(await tree.slipway(['release-skip-tests', '--without-docker', BOTH]));
  cpSync(tree.path('_output/release-images'), join(dir, 'images'), { recursive: true });
  key = tree.path('../key.pem');
  expectDone(await tree.slipway(['release', 'sign', tars(), key]));
});
afterAll(async () => {
  await tree[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const push = (host: string, ...more: readonly string[]) =>
  tree.slipway(['push-images', `KUBE_DOCKER_REGISTRY=${host}/r`, ...(more.length === 0 ? [BOTH] : more)]);

async function registry(skip: (why: string) => never, options?: RegistryOptions): Promise<RegistryServer> {
  const server = await startRegistry(options);
  return 'why' in server ? skip(server.why) : server;
}

/** The registry of crane's library, in memory: it has the referrers API, which Debian's has not. */
async function modernRegistry() {
  const port = await freePort();
  const program = goTool('crane', './registry', 'referrers-registry');
  const child = spawn(program, [`127.0.0.1:${port}`], { stdio: 'ignore' });
  return { ...(await started(child, port, mkdtempSync(join(dir, 'registry-')))), host: `127.0.0.1:${port}` };
}

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, {
    encoding: 'utf8',
    env: { ...tree.env, HOME: tree.home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const digestOf = (name: string): string => run(crane(), 'digest', '--insecure', name).trim();
interface Manifest {
  readonly mediaType: string;
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}
const blobsOf = (manifest: Manifest | undefined) => [manifest!.config, ...manifest!.layers].map(({ digest }) => digest);
const writePublicKey = (path: string): void =>
  writeFileSync(
    path,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
  );
const platformsOf = (name: string): string[] =>
  (
    JSON.parse(run(crane(), 'manifest', '--insecure', name)) as { manifests: { platform: Record<string, string> }[] }
  ).manifests.map(({ platform: { os, architecture, variant } }) =>
    [os, architecture, variant].filter(Boolean).join('/'),
  );

/** cosign where it was built, else its verdicts alone. */
const cosigned = (): string => {
  const program = cosign();
  return typeof program === 'string' ? program : cosignVerdicts();
};

describe('a signature', () => {
  const asking = (signer = key, type = 'slsaprovenance1'): string[] => [
    ...['--key', `${signer}.pub`, '--insecure-ignore-tlog', '--type', type],
  ];

  test('is accepted by cosign for every file of a set and every archive of an image, and for no changed one', () => {
    const bundle = ['--bundle', join(tars(), 'provenance.sigstore.json')];
    const verify = (file: string, words = asking()) =>
      spawnSync(cosigned(), ['verify-blob-attestation', ...words, ...bundle, file], { encoding: 'utf8' });
    const files = readdirSync(tars()).filter((name) => name.startsWith('gated'));
    expect(files.length).toBeGreaterThan(8);
    for (const name of files) expect(verify(join(tars(), name)), name).toMatchObject({ status: 0 });
    expect(verify(archiveOf('arm64'))).toMatchObject({ status: 0 });
    const tampered = join(dir, 'tampered');
    cpSync(join(tars(), 'gated.tar.gz'), tampered);
    appendFileSync(tampered, 'x');
    expect(verify(tampered)).toMatchObject({ status: 1, stderr: expect.stringMatching(/digest/) });
    const [file, stranger] = [join(tars(), 'gated.tar.gz'), join(dir, 'stranger')];
    writePublicKey(`${stranger}.pub`);
    expect(verify(file, asking(stranger))).toMatchObject({ status: 1, stderr: expect.stringMatching(/signature/) });
    expect(verify(file, asking(key, 'spdxjson'))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/predicate type/),
    });
  });

  test('is found by cosign beside an image, with any kind of registry', async ({ skip }) => {
    await using modern = await modernRegistry();
    await using older = await registry(skip);
    for (const { host } of [modern, older]) {
      expectDone(await push(host));
      for (const name of ['keeper', 'keeper-arm64']) {
        const image = `${host}/r/${name}:v1.2.3`;
        run(cosigned(), 'verify-attestation', ...asking(), image);
        run(cosigned(), 'verify', '--key', `${key}.pub`, '--insecure-ignore-tlog', image);
      }
    }
  });

  const whole = cosign();
  test(
    'and the rest of a release are shown by cosign tree',
    unless(typeof whole === 'string' ? undefined : whole.why),
    async ({ skip }) => {
      await using older = await registry(skip);
      expectDone(await push(older.host));
      const found = run(cosigned(), 'tree', `${older.host}/r/keeper:v1.2.3`);
      expect(found.match(/^ .*sha256:/gm)).toHaveLength(4);
    },
  );
});

test('the provenance of an image is found by the referrers API, and by a tag in a registry without one', async ({
  skip,
}) => {
  /** As their manifests say: what a list of them says is the registry's own. */
  const kinds = (repository: string, index: string): string[] =>
    (JSON.parse(index) as { manifests: { digest: string }[] }).manifests
      .map(({ digest }) => run(crane(), 'manifest', '--insecure', `${repository}@${digest}`))
      .map((manifest) => (JSON.parse(manifest) as { artifactType: string }).artifactType)
      .sort();
  const wanted = [
    ...['application/spdx+json', 'application/vnd.cyclonedx+json'],
    ...['application/vnd.dev.sigstore.bundle.v0.3+json', 'application/vnd.in-toto+json'],
  ];
  await using modern = await modernRegistry();
  expectDone(await push(modern.host));
  const image = digestOf(`${modern.host}/r/keeper:v1.2.3`);
  const answer = await fetch(`http://${modern.host}/v2/r/keeper/referrers/${image}`);
  expect(kinds(`${modern.host}/r/keeper`, await answer.text())).toEqual(wanted);
  const tags = await fetch(`http://${modern.host}/v2/r/keeper/tags/list`);
  expect(await tags.json()).toMatchObject({ tags: ['v1.2.3'] });
  await using older = await registry(skip);
  expectDone(await push(older.host));
  const tag = `${older.host}/r/keeper:${image.replace(':', '-')}`;
  expect(kinds(`${older.host}/r/keeper`, run(crane(), 'manifest', '--insecure', tag))).toEqual(wanted);
  expect(
    (await tree.slipway(['push-images', `KUBE_DOCKER_REGISTRY=${older.host}/r`, BOTH, '--explain'])).stdout,
  ).toMatch(/fresh .*push .*has all of it/);
});

describe('a tag', () => {
  test('of two platforms keeps both when one is pushed again; one that comes later is added', async ({ skip }) => {
    await using server = await registry(skip);
    const name = `${server.host}/r/keeper:v1.2.3`;
    expectDone(await push(server.host, AMD64));
    expect(platformsOf(name)).toEqual(['linux/amd64']);
    expectDone(await push(server.host));
    expect(platformsOf(name)).toEqual(['linux/amd64', 'linux/arm64/v8']);
    const whole = digestOf(name);
    expectDone(await push(server.host, AMD64));
    expect(digestOf(name)).toBe(whole);
  });

  test('that somebody moved is refused before anything is sent, unless --move-tags is given', async ({ skip }) => {
    await using server = await registry(skip);
    const [name, theirs] = [`${server.host}/r/keeper:v1.2.3`, `${server.host}/r/other:v1`];
    const layout = join(dir, 'other');
    mkdirSync(layout);
    writeFileSync(join(layout, 'x'), 'somebody else made this');
    execFileSync('tar', ['-cf', `${layout}.tar`, '-C', layout, 'x']);
    run(crane(), 'append', '--insecure', '--new_layer', `${layout}.tar`, '--new_tag', theirs);
    run(crane(), 'copy', '--insecure', theirs, name);
    const moved = digestOf(name);
    expectFailure(await push(server.host), 'NOT_PUSHED', {
      says: `it names one image now, ${moved}`,
      hint: '--move-tags',
    });
    expect(digestOf(name)).toBe(moved);
    expect((await fetch(`http://${server.host}/v2/r/keeper-amd64/tags/list`)).status).toBe(404);
    expectDone(await push(server.host, BOTH, '--move-tags'));
    expect(platformsOf(name)).toEqual(['linux/amd64', 'linux/arm64/v8']);
  });

  /** A push of amd64 has seen a free tag and is about to write the index; meanwhile others push. */
  async function pushedMeanwhile(server: RegistryServer, meanwhile: () => unknown) {
    const index = '/v2/r/keeper/manifests/v1.2.3';
    await using proxy = await holdingProxy(server.port, ({ method, url }) => method === 'PUT' && url === index);
    const first = push(proxy.host, AMD64);
    await Promise.race([proxy.held, first]);
    await meanwhile();
    proxy.release();
    return await first;
  }

  test('keeps what two pushes at once bring, whichever writes last', async ({ skip }) => {
    await using server = await registry(skip);
    const other = join(dir, 'other tree');
    cpSync(tree.dir, other, { recursive: true });
    const arm64 = ['push-images', `KUBE_DOCKER_REGISTRY=${server.host}/r`, 'KUBE_BUILD_PLATFORMS=linux/arm64'];
    const meanwhile = async () => expectDone(await tree.slipway(['-C', other, ...arm64]));
    expectDone(await pushedMeanwhile(server, meanwhile));
    expect(platformsOf(`${server.host}/r/keeper:v1.2.3`)).toEqual(['linux/amd64', 'linux/arm64/v8']);
  });

  test('that somebody takes during a push is refused, and not reported as pushed', async ({ skip }) => {
    await using server = await registry(skip);
    const name = `${server.host}/r/keeper-amd64:v1.2.3`;
    run(crane(), 'push', '--insecure', archiveOf('arm64'), `${server.host}/r/other:v1`);
    const meanwhile = () => run(crane(), 'copy', '--insecure', `${server.host}/r/other:v1`, name);
    expectFailure(await pushedMeanwhile(server, meanwhile), 'NOT_PUSHED', {
      says: /keeper-amd64:v1\.2\.3 could not be pushed: it names sha256:/,
      hint: 'at the same time',
    });
  });

  test(`is whole or not there when a push is killed, ${kills} times at random instants`, async ({ skip }) => {
    await using server = await registry(skip);
    expectDone(await push(`${server.host}/first`));
    const whole = digestOf(`${server.host}/first/r/keeper:v1.2.3`);
    const name = `${server.host}/second/r/keeper:v1.2.3`;
    for (let kill = 0; kill < Number(kills); kill += 1) {
      const words = ['push-images', `KUBE_DOCKER_REGISTRY=${server.host}/second/r`, BOTH];
      const running = tree.start(words);
      await sleep(300 + Math.random() * 1500);
      running.signal('SIGKILL', 'group');
      await running.ended;
      const found = spawnSync(crane(), ['digest', '--insecure', name], { encoding: 'utf8' });
      if (found.status === 0) expect(found.stdout.trim()).toBe(whole);
      else expect(found.stderr).toMatch(/NAME_UNKNOWN|MANIFEST_UNKNOWN/);
    }
    expectDone(await push(`${server.host}/second`));
    expect(digestOf(name)).toBe(whole);
    for (const arch of ['amd64', 'arm64'])
      run(crane(), 'validate', '--insecure', '--remote', name.replace(':v1', `-${arch}:v1`));
  });
});

test('an archive keeps its digest as an OCI layout, with skopeo and crane; as docker reads it only config and layers keep theirs', async ({
  skip,
}) => {
  const why = whyWithout('skopeo');
  if (why !== undefined) skip(why);
  await using server = await registry(skip);
  expectDone(await push(server.host));
  const archive = archiveOf('amd64');
  const ours = digestOf(`${server.host}/r/keeper-amd64:v1.2.3`);
  const insecure = ['--insecure-policy', 'copy', '--dest-tls-verify=false'];
  run('skopeo', ...insecure, `oci-archive:${archive}:v1.2.3`, `docker://${server.host}/skopeo/oci:v1`);
  const layout = join(dir, 'layout');
  mkdirSync(layout);
  execFileSync('tar', ['-xf', archive, '-C', layout]);
  run(crane(), 'push', '--insecure', layout, `${server.host}/crane/oci:v1`);
  expect([digestOf(`${server.host}/skopeo/oci:v1`), digestOf(`${server.host}/crane/oci:v1`)]).toEqual([ours, ours]);
  run(crane(), 'push', '--insecure', archive, `${server.host}/crane/docker:v1`);
  const [own, docker] = ['r/keeper-amd64:v1.2.3', 'crane/docker:v1'].map(
    (name) => JSON.parse(run(crane(), 'manifest', '--insecure', `${server.host}/${name}`)) as Manifest,
  );
  // Docker's format has no annotations. The contents that run are the same.
  expect(docker?.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
  expect(docker).not.toHaveProperty('annotations');
  expect(own).toHaveProperty('annotations');
  expect(blobsOf(docker)).toEqual(blobsOf(own));
});

test('a registry with TLS on this machine is believed by certs.d or SSL_CERT_FILE, and its password is its own trouble', async ({
  skip,
}) => {
  const made = makeAuthority(dir);
  if ('why' in made) return skip(made.why);
  const login = 'writer:$2b$04$..hByVMzG5mOceagDXWBzeOIf.aEqrE3YdiUG0jSVAByVd.w/3ZM.';
  await using server = await registry(skip, { login, certificate: made.sign('registry') });
  const words = ['push-images', `KUBE_DOCKER_REGISTRY=${server.host}/r`, AMD64];
  const unknown = await tree.slipway(words);
  expectFailure(unknown, 'NOT_PUSHED', {
    says: 'an unknown authority signed the certificate',
    hint: /certs\.d.*SSL_CERT_FILE/,
  });
  const env = { SSL_CERT_FILE: made.authority.certificate, DOCKER_CONFIG: join(dir, 'docker') };
  expectFailure(await tree.slipway(words, { env }), 'NOT_PUSHED', {
    says: 'authentication required',
    hint: 'docker login',
  });
  const password = (text: string): void => {
    mkdirSync(env.DOCKER_CONFIG, { recursive: true });
    const auth = Buffer.from(`writer:${text}`).toString('base64');
    writeFileSync(join(env.DOCKER_CONFIG, 'config.json'), JSON.stringify({ auths: { [server.host]: { auth } } }));
  };
  password('wrong');
  const wrong = await tree.slipway(words, { env });
  expectFailure(wrong, 'NOT_PUSHED', { says: 'rejects the password', hint: 'docker login' });
  expect(wrong.stderr).not.toContain('{');
  password('open sesame');
  expectDone(await tree.slipway(words, { env }));
  const certificates = join(tree.home, '.config/docker/certs.d', server.host, 'ca.crt');
  mkdirSync(dirname(certificates), { recursive: true });
  writeFileSync(certificates, readFileSync(made.authority.certificate));
  const again = await tree.slipway([...words, '--explain'], { env: { DOCKER_CONFIG: env.DOCKER_CONFIG } });
  expectDone(again);
  expect(again.stdout).toMatch(/fresh .*push/);
});

test("a bill has NTIA's minimum elements, by NTIA's own checker, and is valid SPDX", ({ skip }) => {
  const place = pinnedWheel('ntia');
  if (typeof place !== 'string') return skip(place.why);
  const python = (...args: readonly string[]): string =>
    execFileSync('python3', ['-m', ...args], { encoding: 'utf8', env: { ...tree.env, PYTHONPATH: place } });
  const bill = join(tars(), 'gated.spdx.json');
  const said = JSON.parse(python('ntia_conformance_checker.main', '--file', bill, '--output', 'json')) as object;
  expect(said).toMatchObject({ isNtiaConformant: true, totalNumberComponents: 8 });
  expect(python('spdx_tools.spdx.clitools.pyspdxtools', '-i', bill)).toBe('');
});

test('a bill is valid CycloneDX, by the validator of CycloneDX itself', ({ skip }) => {
  const place = pinnedWheel('cyclonedx');
  if (typeof place !== 'string') return skip(place.why);
  const objections = (bill: string): string =>
    execFileSync('python3', ['-c', CYCLONEDX], {
      encoding: 'utf8',
      input: bill,
      env: { ...tree.env, PYTHONPATH: place },
    });
  const bill = readFileSync(join(tars(), 'gated.cdx.json'), 'utf8');
  expect(objections(bill)).toBe('None\n');
  expect(objections(bill.replace('"type": "library"', '"type": "book"'))).toMatch(/'book' is not one of/);
});

const CYCLONEDX = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read()))
`;

test('an image names its source, in its config and its manifest, without the password of the remote', ({ skip }) => {
  void skip;
  const archive = archiveOf('arm64');
  const text = execFileSync('tar', ['-xOf', archive, 'index.json'], { encoding: 'utf8' });
  const index = JSON.parse(text) as { annotations: object; manifests: { platform: object }[] };
  const wanted = {
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.revision': tree.git('rev-parse', 'HEAD'),
    'org.opencontainers.image.source': 'https://code.example/gated.git',
    'org.opencontainers.image.version': 'v1.2.3',
  };
  expect(index).toMatchObject({
    annotations: wanted,
    manifests: [{ platform: { architecture: 'arm64', variant: 'v8' } }],
  });
  const provenance = readFileSync(join(tars(), 'provenance.json'), 'utf8');
  expect(provenance).toContain('git+https://code.example/gated.git');
  expect(provenance).not.toContain('secret');
  const { resolvedDependencies } = (
    JSON.parse(provenance) as {
      predicate: { buildDefinition: { resolvedDependencies: { name: string; digest: object }[] } };
    }
  ).predicate.buildDefinition;
  for (const [name, kind] of [
    ['go', 'sha256'],
    ['stdlib', 'dirHash'],
  ] as const)
    expect(resolvedDependencies.find((each) => each.name === name)?.digest).toEqual({
      [kind]: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: join(dir, 'images') });
});
