import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  buildContainers,
  engine,
  eventually,
  executing,
  labelOf,
  madeFor,
  smallestImage,
  whyNoEngine,
  withoutWaiting,
} from '../src/engine-rig.ts';
import { unless } from '../src/machine-programs.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { OwnEngine } from '../src/own-engine.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import type { Ended, Running } from '../src/slipway-process.ts';

const why = (await whyNoEngine()) ?? (process.getuid?.() === 0 ? undefined : 'an engine of a test needs root');

/** Bytes; the engine's data with a build image in it, and little more. */
const GIB = 2 ** 30;

describe('in a fault of an engine', unless(why), () => {
  let own: OwnEngine;
  let tree: Repo;
  const slipway = async (...how: Parameters<Repo['slipway']>) => withoutWaiting(await tree.slipway(...how));
  const at = () => ({ env: { DOCKER_HOST: own.address } });
  const run = (...command: string[]): Promise<Ended> => slipway(['run', '--', ...command], at());
  const ours = (): Promise<string[]> => madeFor(labelOf(tree), own.socket);

  beforeAll(async () => {
    tree = repo('plain').write({ 'build/build-image/packages.txt': smallestImage });
    own = await OwnEngine.startWithImageOf(tree, { size: '2g' });
    expectDone(await run('true'));
  });

  afterAll(async () => {
    await tree[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
  });

  async function sleeping(): Promise<Running> {
    const running = tree.start(['run', '--', 'sleep', '600'], at());
    await eventually(() => executing('sleep 600', tree, own.socket));
    return running;
  }

  /** The next run completes the work, and only the intended files stay. */
  async function expectToGoOn(): Promise<void> {
    expect(await run('cat', 'go.mod')).toMatchObject({ exit: 0, stdout: tree.read('go.mod'), stderr: '' });
    expect(await ours()).toEqual([
      expect.stringMatching(/^container kube-build-data-/),
      expect.stringMatching(/^image kube-build:/),
      expect.stringMatching(/^volume kube-build-data-/),
    ]);
  }

  test('an engine that is killed: the command does not count', async () => {
    const running = await sleeping();
    await own.kill('SIGKILL');
    const ended = withoutWaiting(await running.ended);
    await own.start();
    expectFailure(ended, 'ENGINE_LOST', { says: /engine.sock was lost/, hint: 'run the same command' });
    await expectToGoOn();
  });

  test('an engine that is restarted: the command does not count', async () => {
    const running = await sleeping();
    await own.kill('SIGTERM');
    await own.start();
    expect((await running.ended).stderr).toMatch(/\[(ENGINE|CONTAINER)_LOST\]/);
    expect((await running.ended).exit).toBe(1);
    await expectToGoOn();
  });

  test('an engine that is full reports it, and continues after it has room', async () => {
    const [filler, large] = [`${own.data}/filler`, 'large'];
    const free = Number(own.run('df', '--output=avail', '-B1', own.data).split('\n')[1]);
    own.run('fallocate', '--length', String(free - GIB / 64), filler);
    tree.write({ [large]: 'x'.repeat(GIB / 32) });
    const ended = await run('true');
    own.run('rm', filler);
    expectFailure(ended, 'ENGINE_FULL', { says: 'no space is left', hint: 'make room there' });
    await expectToGoOn();
    tree.write({ [large]: undefined });
  });

  test('slipway makes again what docker system prune removed', async () => {
    await engine('POST', '/containers/prune', { socket: own.socket });
    const image = (await ours()).find((name) => name.startsWith('image '))!.slice('image '.length);
    await engine('DELETE', `/images/${image}?force=1`, { socket: own.socket });
    await engine('POST', '/volumes/prune', { socket: own.socket });
    await expectToGoOn();
  });

  test('a tree is bound only if the engine sees the same tree', async () => {
    const bound = (): Promise<Ended> => slipway(['--sync', 'bind', 'run', '--', 'cat', 'go.mod'], at());
    expect(await bound()).toMatchObject({ exit: 0, stdout: tree.read('go.mod') });
    own.run('mount', '-t', 'tmpfs', 'none', tree.dir);
    const ended = await bound();
    own.run('umount', tree.dir);
    expectFailure(ended, 'NO_TRANSPORT', { says: 'another directory at the path', hint: 'leave --sync out' });
    await expectToGoOn();
  });

  test('a container that a crash left is replaced, and a foreign container of that name is not', async () => {
    const running = await sleeping();
    const [name] = await buildContainers(tree, own.socket);
    running.signal('SIGINT');
    await running.ended;
    const images = await engine<{ RepoTags: string[] }[]>('GET', '/images/json', { socket: own.socket });
    const Image = images.flatMap(({ RepoTags }) => RepoTags).find((tag) => tag.startsWith('kube-cross:'));
    const create = (Labels: Record<string, string>): Promise<unknown> =>
      engine('POST', `/containers/create?name=${name}`, { socket: own.socket, body: { Image, Labels } });
    await create({ 'slipway.tree': labelOf(tree) });
    await expectToGoOn();
    await create({ 'slipway.tree': 'of another checkout' });
    expectFailure(await run('true'), 'CONTAINER_NAME_TAKEN', { says: name!, hint: 'docker rename' });
    await engine('DELETE', `/containers/${name}`, { socket: own.socket });
    await expectToGoOn();
  });

  test.each([
    ['SIGINT', ['write _output', 'build image', 'data container', 'start container', 'sync in', 'run sleep']],
    ['SIGTERM', ['start container']],
    ['SIGHUP', ['run sleep']],
  ] as const)('%s while it does: %j', async (signal, steps) => {
    for (const step of steps) {
      expectDone(await slipway(['make-clean'], at()));
      const running = tree.start(['--explain', 'run', '--', 'sleep', '600'], at());
      await eventually(async () => new RegExp(`^\\w+ +${step}`, 'm').test(running.printed()));
      running.signal(signal);
      const ended = withoutWaiting(await running.ended);
      expect({ step, exit: ended.exit, says: /stopped by \w+/.exec(ended.stderr)?.[0] }).toEqual({
        step,
        exit: 130,
        says: `stopped by ${signal}`,
      });
      expect(await buildContainers(tree, own.socket)).toEqual([]);
    }
    await expectToGoOn();
  });

  test('make-clean leaves nothing at all', async () => {
    expectDone(await slipway(['make-clean'], at()));
    const filters = encodeURIComponent(JSON.stringify({ label: ['slipway.tree'] }));
    for (const kind of ['containers/json?all=1&', 'images/json?', 'networks?'])
      expect(await engine('GET', `/${kind}filters=${filters}`, { socket: own.socket })).toEqual([]);
    expect(await engine('GET', `/volumes?filters=${filters}`, { socket: own.socket })).toMatchObject({ Volumes: [] });
  });
});
