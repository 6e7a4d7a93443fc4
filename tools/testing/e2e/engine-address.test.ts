import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  buildContainers,
  eventually,
  executing,
  labelOf,
  madeFor,
  smallestImage,
  whyNoEngine,
  withoutWaiting,
} from '../src/engine-rig.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { OwnEngine } from '../src/own-engine.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import { SshServer } from '../src/ssh-server.ts';

const why =
  (await whyNoEngine()) ??
  (process.getuid?.() === 0 ? whyWithout('openssl', 'sshd', 'ssh') : 'an engine of a test needs root');

describe('an engine that is reached', unless(why), () => {
  const certificates = mkdtempSync(join(tmpdir(), 'slipway-certificates-'));
  let own: OwnEngine;
  let tree: Repo;
  const slipway = async (...how: Parameters<Repo['slipway']>) => withoutWaiting(await tree.slipway(...how));

  beforeAll(async () => {
    makeCertificates(certificates);
    tree = repo('plain').write({ 'build/build-image/packages.txt': smallestImage });
    own = await OwnEngine.startWithImageOf(tree, {
      options: [
        ...['--host', 'tcp://127.0.0.1:2376', '--tlsverify', '--tlscacert', join(certificates, 'ca.pem')],
        ...['--tlscert', join(certificates, 'server.pem'), '--tlskey', join(certificates, 'server-key.pem')],
      ],
    });
  });

  afterAll(async () => {
    await tree[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
    rmSync(certificates, { recursive: true });
  });

  const over = (env: Record<string, string>) => ({ env, wrapper: own.network });
  const tls = (directory: string): Record<string, string> => ({
    DOCKER_HOST: 'tcp://127.0.0.1:2376',
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: directory,
  });

  test('by tcp, with certificates on both sides', async () => {
    expect(await slipway(['run', '--', 'cat', 'go.mod'], over(tls(certificates)))).toMatchObject({
      exit: 0,
      stdout: tree.read('go.mod'),
    });
    expect(await madeFor(labelOf(tree), own.socket)).toEqual([
      expect.stringMatching(/^container kube-build-data-/),
      expect.stringMatching(/^image kube-build:/),
      expect.stringMatching(/^volume kube-build-data-/),
    ]);
  });

  test('a variable after the target counts like one in the environment', async () => {
    const given = Object.entries(tls(certificates)).map(([name, value]) => `${name}=${value}`);
    expectDone(await slipway(['run', ...given, '--', 'true'], over({})));
  });

  test('by a context with certificates of its own', async () => {
    const digest = createHash('sha256').update('far').digest('hex');
    const contexts = join(tree.home, '.docker/contexts');
    const directory = join(contexts, 'tls', digest, 'docker');
    for (const each of [directory, join(contexts, 'meta', digest)]) mkdirSync(each, { recursive: true });
    for (const name of ['ca', 'cert', 'key']) cpSync(join(certificates, `${name}.pem`), join(directory, `${name}.pem`));
    const meta = { Name: 'far', Endpoints: { docker: { Host: 'tcp://127.0.0.1:2376', SkipTLSVerify: false } } };
    writeFileSync(join(contexts, 'meta', digest, 'meta.json'), JSON.stringify(meta));
    expectDone(await slipway(['run', '--', 'true'], over({ DOCKER_CONTEXT: 'far' })));
    writeFileSync(join(tree.home, '.docker/config.json'), JSON.stringify({ currentContext: 'far' }));
    expectDone(await slipway(['run', '--', 'true'], over({})));
    rmSync(join(tree.home, '.docker'), { recursive: true });
  });

  test('a client and an engine that do not trust each other fail with that reason', async () => {
    const strangers = join(certificates, 'strangers');
    mkdirSync(strangers);
    makeCertificates(strangers);
    const asked = (env: Record<string, string>) => slipway(['run', '--', 'true'], over(env));
    expectFailure(await asked(tls(strangers)), 'NO_ENGINE', {
      says: 'tcp://127.0.0.1:2376: its certificate is not signed by ca.pem',
      hint: 'DOCKER_CERT_PATH',
    });
    cpSync(join(certificates, 'ca.pem'), join(strangers, 'ca.pem'));
    expectFailure(await asked(tls(strangers)), 'NO_ENGINE', {
      says: 'it refuses our certificate',
      hint: 'DOCKER_CERT_PATH',
    });
    expectFailure(await asked({ DOCKER_HOST: 'tcp://127.0.0.1:2376' }), 'NO_ENGINE', {
      says: 'it speaks TLS only',
      hint: 'DOCKER_TLS_VERIFY=1',
    });
  });

  test("by ssh, with the host's settings of ssh; nothing of it stays", async () => {
    await using server = await SshServer.start();
    const env = { PATH: `${server.bin}:${tree.env['PATH']}`, TMPDIR: join(tree.base, 'temporary') };
    mkdirSync(env.TMPDIR);
    const at = (host: string) => ({ env: { ...env, DOCKER_HOST: `ssh://${host}${own.socket}` } });
    expect(await slipway(['run', '--', 'cat', 'go.mod'], at('engine'))).toMatchObject({
      exit: 0,
      stdout: tree.read('go.mod'),
    });
    expectFailure(await slipway(['run', '--', 'true'], at('locked')), 'NO_ENGINE', {
      says: /ssh:\/\/locked: .*Permission denied/,
      hint: 'ssh locked true has to work without a question',
    });
    expectFailure(await slipway(['run', '--', 'true'], at('unknown')), 'NO_ENGINE', {
      says: /ssh:\/\/unknown: .*Host key verification failed/,
    });
    const nowhere = { env: { ...env, DOCKER_HOST: 'ssh://engine/nowhere.sock' } };
    expectFailure(await slipway(['run', '--', 'true'], nowhere), 'NO_ENGINE', {
      says: /ssh:\/\/engine: .*open failed/,
    });
    const running = tree.start(['run', '--', 'sleep', '60'], at('engine'));
    await eventually(() => executing('sleep 60', tree, own.socket));
    running.signal('SIGKILL');
    await running.ended;
    await eventually(async () => (await buildContainers(tree, own.socket)).length === 0);
    expect((await slipway(['run', '--', 'sh', '-c', 'exit 7'], at('engine'))).exit).toBe(7);
    expect(readdirSync(env.TMPDIR).filter((name) => name.startsWith('slipway-ssh-'))).toHaveLength(1);
  });

  test('the build container is in the group of DOCKER_CGROUP_PARENT', async () => {
    const ended = await slipway(['run', 'DOCKER_CGROUP_PARENT=/slipway-tests', '--', 'cat', '/proc/self/cgroup'], {
      env: { DOCKER_HOST: own.address },
    });
    expect(ended.stdout).toMatch(/:\/slipway-tests\/[0-9a-f]{64}$/m);
  });

  test('the proxy settings are passed to the container', async () => {
    const env = { DOCKER_HOST: own.address, HTTPS_PROXY: 'http://proxy.example:1', no_proxy: 'here' };
    const { stdout } = await slipway(['run', '--', 'env'], { env });
    expect(stdout).toMatch(/^HTTPS_PROXY=http:\/\/proxy\.example:1$/m);
    expect(stdout).toMatch(/^no_proxy=here$/m);
  });

  test("a user without permission for the engine's socket gets a hint how to get it", async () => {
    const closed = join(tree.base, 'closed.sock');
    const server = createServer().listen(closed);
    await new Promise((listening) => server.once('listening', listening));
    chmodSync(closed, 0);
    // A root user with the same permissions as everybody else.
    const wrapper = ['setpriv', '--inh-caps=-dac_override', '--bounding-set=-dac_override', '--'];
    const env = { DOCKER_HOST: `unix://${closed}` };
    const ended = await slipway(['run', '--', 'true'], { env, wrapper });
    server.close();
    expectFailure(ended, 'NO_ENGINE', { says: 'you may not use its socket', hint: 'usermod -aG docker' });
  });
});

/** An authority, an engine at 127.0.0.1 and a client, made as in Docker's documentation. */
function makeCertificates(directory: string): void {
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=slipway'];
  openssl('req', '-x509', ...key, '-days', '2', '-keyout', 'ca-key.pem', '-out', 'ca.pem');
  const uses = {
    server: 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n',
    client: 'extendedKeyUsage=clientAuth\n',
  };
  for (const [name, extensions] of Object.entries(uses)) {
    openssl('req', ...key, '-keyout', `${name}-key.pem`, '-out', `${name}.csr`);
    writeFileSync(join(directory, `${name}.ext`), extensions);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'],
      ...['-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
  }
  cpSync(join(directory, 'client.pem'), join(directory, 'cert.pem'));
  cpSync(join(directory, 'client-key.pem'), join(directory, 'key.pem'));
}
