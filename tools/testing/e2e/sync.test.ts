import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { transports } from '@slipway/catalog';
import type { Transport } from '@slipway/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine, labelOf, madeFor, smallestImage, whyNoEngine, withoutWaiting } from '../src/engine-rig.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import type { Ended } from '../src/slipway-process.ts';

const why = (await whyNoEngine()) ?? whyWithout('rsync');

/** Every file below `sent` with its kind, mode and target, and what the files hold. */
const LISTING =
  'cd sent && find . -mindepth 1 -printf "%P %y %m %l\\n" | LC_ALL=C sort && find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum';
const here = (tree: Repo): string => execFileSync('bash', ['-c', LISTING], { cwd: tree.dir, encoding: 'utf8' });

const withImage = async (packages: string): Promise<Repo> => {
  const tree = repo('plain').write({ 'build/build-image/packages.txt': packages });
  expectDone(withoutWaiting(await tree.slipway(['make-build-image', '--from-packages'])));
  return tree;
};

async function dispose(tree: Repo): Promise<void> {
  await tree.slipway(['make-clean']);
  await tree[Symbol.asyncDispose]();
}

describe.each(Object.keys(transports) as Transport[])(
  'a tree gets into a container by %s',
  unless(why),
  (transport) => {
    let tree: Repo;
    const slipway = async (...words: string[]): Promise<Ended> =>
      withoutWaiting(await tree.slipway(['--sync', transport, ...words]));
    const run = (...command: string[]): Promise<Ended> => slipway('run', '--', ...command);
    const sh = (script: string): Promise<Ended> => run('sh', '-c', script);

    beforeAll(async () => {
      tree = await withImage(`${smallestImage} rsync`);
    });
    afterAll(() => dispose(tree), 60_000);

    test('unchanged: contents, modes, links, any name', async () => {
      mkdirSync(tree.path('sent/empty'), { recursive: true });
      const names = ['a', 'with space', 'with\nline', '-dash', 'ünïcode', 'b/c/d', 'large'];
      tree.write(Object.fromEntries(names.map((name) => [`sent/${name}`, name.repeat(name === 'large' ? 1e6 : 1)])));
      tree.write({ 'sent/program': '#!/bin/sh\n' });
      chmodSync(tree.path('sent/a'), 0o600);
      chmodSync(tree.path('sent/b'), 0o700);
      for (const [index, target] of ['a', '/etc/passwd', '../../../outside', 'nowhere', 'b'].entries())
        symlinkSync(target, tree.path(`sent/link${index}`));
      const ended = await sh(LISTING);
      expect(ended).toMatchObject({ exit: 0, stderr: '', stdout: here(tree) });
    });

    test('and is kept equal after any change of kind, and with any times', async () => {
      const { atime, mtime } = statSync(tree.path('sent/large'));
      writeFileSync(tree.path('sent/large'), 'LARGE'.repeat(1e6));
      utimesSync(tree.path('sent/large'), atime, mtime);
      tree.write({ 'sent/with space': undefined, 'sent/b': 'a file now', 'sent/link0': 'no link now' });
      tree.write({ 'sent/-dash': undefined, 'sent/-dash/below': 'a directory now', 'sent/empty': undefined });
      tree.write({ 'sent/program': undefined });
      symlinkSync('large', tree.path('sent/program'));
      chmodSync(tree.path('sent/a'), 0o755);
      const ended = await sh(LISTING);
      expect(ended).toMatchObject({ exit: 0, stderr: '', stdout: here(tree) });
    });

    test('and nothing is sent when nothing changed', async () => {
      expectDone(await run('true'));
      const again = await slipway('--explain', 'run', '--', 'true');
      const syncs = again.stderr.split('\n').filter((line) => /^\w+ +sync in/.test(line));
      expect(syncs).toEqual(transport === 'bind' ? [] : [expect.stringMatching(/^fresh .*: nothing to send/)]);
    });

    test('and results come back, owned by who asked; what was generated there stays', async () => {
      const results = '_output/dockerized/bin';
      expectDone(await sh(`mkdir -p ${results}; echo b > ${results}/b; echo g > zz_generated.x.go`));
      for (const [path, text] of Object.entries({ [`${results}/b`]: 'b\n', 'zz_generated.x.go': 'g\n' })) {
        expect(tree.read(path)).toBe(text);
        const { uid, gid } = statSync(tree.path(path));
        expect([uid, gid]).toEqual([process.getuid!(), process.getgid!()]);
      }
      expectDone(await slipway('run', 'KUBE_RUN_COPY_OUTPUT=n', '--', 'sh', '-c', 'echo h > zz_generated.y.go'));
      tree.write({ 'sent/more': 'more' });
      expect((await run('cat', 'zz_generated.x.go', 'zz_generated.y.go', 'sent/more')).stdout).toBe('g\nh\nmore');
    });

    test('and into a volume that was replaced', async () => {
      const names = (await madeFor(labelOf(tree))).map((each) => each.split(' ')[1]!);
      const data = names.find((name) => name.startsWith('kube-build-data-'))!;
      await engine('DELETE', `/containers/${data}?force=1`);
      await engine('DELETE', `/volumes/${data}`);
      expect((await sh(LISTING)).stdout).toBe(here(tree));
    });

    test('and leaves nothing behind but the data container', async () => {
      expect((await madeFor(labelOf(tree))).filter((each) => each.startsWith('container '))).toEqual([
        expect.stringMatching(/^container kube-build-data-/),
      ]);
    });
  },
);

describe('a missing way into a container', unless(why), () => {
  let tree: Repo;
  const taken: Server = createServer();
  const run = async (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> => {
    // Something is sent each time.
    tree.write({ changed: words.join() });
    return withoutWaiting(await tree.slipway([...words, 'run', '--', 'true'], { env }));
  };
  const taking = (): string => `KUBE_RSYNC_PORT=${(taken.address() as AddressInfo).port}`;

  beforeAll(async () => {
    tree = await withImage(`${smallestImage} rsync`);
    expectDone(await run([]));
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    taken.close();
    await dispose(tree);
  });

  /** A PATH with all programs but one. */
  const pathWithout = (program: string): string => {
    const directory = mkdtempSync(join(tree.base, 'programs-'));
    const places = (tree.env['PATH'] ?? '').split(delimiter).filter((place) => existsSync(place));
    const programs = new Map(places.toReversed().flatMap((place) => readdirSync(place).map((name) => [name, place])));
    programs.delete(program);
    for (const [name, place] of programs) symlinkSync(join(place, name), join(directory, name));
    return directory;
  };

  test('is another one where none was forced: the variables of the scripts only prefer rsync', async () => {
    const asked = async (words: readonly string[], env?: Record<string, string>): Promise<string> =>
      /sync in .*/.exec((await run(['--explain', ...words], env)).stderr)![0];
    expect(await asked(['KUBE_RSYNC_COMPRESS=3'])).toMatch(/: sent 1: /);
    expect(await asked([taking()])).toMatch(/sent 1 by rsync-exec, as --sync rsync: port \d+ is in use there: /);
    const PATH = pathWithout('rsync');
    expect(await asked(['KUBE_RSYNC_COMPRESS=3'], { PATH })).toMatch(/sent 1 by tar, as .*there is no rsync on this/);
  });

  test.each<[string, () => { words: string[]; env?: Record<string, string>; says: string; hint: string }]>([
    [
      'rsync is not here',
      () => ({
        words: ['--sync', 'rsync'],
        env: { PATH: pathWithout('rsync') },
        says: 'there is no rsync on this machine',
        hint: 'apt-get install rsync',
      }),
    ],
    [
      'its port is taken',
      () => ({ words: ['--sync', 'rsync', taking()], says: 'is in use there', hint: 'KUBE_RSYNC_PORT=OTHER' }),
    ],
    [
      'the engine is elsewhere',
      () => ({
        words: ['--sync', 'bind'],
        env: { DOCKER_HOST: 'tcp://127.0.0.1:1' },
        says: 'the engine is on another machine',
        hint: 'leave --sync out',
      }),
    ],
  ])('is a clear error if it was forced: %s', async (_why, asked) => {
    const { words, env, says, hint } = asked();
    expectFailure(await run(words, env), 'NO_TRANSPORT', { says, hint });
  });
});

describe('an image without what a sync needs', unless(why), () => {
  test.each([
    ['find', 'findutils', smallestImage.replace('findutils ', ''), []],
    ['rsync', 'rsync', smallestImage, ['--sync', 'rsync']],
    ['rsync', 'rsync', smallestImage, ['--sync', 'rsync-exec']],
  ])('lacks %s: the package %s is named', async (tool, name, packages, words) => {
    const tree = await withImage(packages);
    const ended = withoutWaiting(await tree.slipway([...words, 'run', '--', 'true']));
    await dispose(tree);
    expectFailure(ended, 'IMAGE_INCOMPLETE', {
      says: `has no ${tool}`,
      hint: `name ${name} in build/build-image/packages`,
    });
  });
});
