import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { expectFailure } from '../src/expect-failure.ts';
import { until } from '../src/processes.ts';
import { Repo } from '../src/repo-rig.ts';

const modules = resolve(import.meta.dirname, '../../../node_modules');

test('Nx with its remote cache in the store has hits, refuses tampered artefacts, and survives an end in the middle and a store that fails', async () => {
  await using tree = new Repo('empty');
  const target = {
    command: 'echo run >> ../runs && mkdir -p out && cat in > out/made',
    cache: true,
    inputs: ['{projectRoot}/in'],
    outputs: ['{projectRoot}/out'],
    options: { cwd: 'one' },
  };
  tree.write({
    'package.json': '{ "name": "work", "private": true, "devDependencies": { "nx": "*" } }',
    'nx.json': '{ "useDaemonProcess": false, "analytics": false, "neverConnectToCloud": true }',
    'one/project.json': JSON.stringify({ name: 'one', targets: { make: target } }),
    'one/in': 'first',
  });
  symlinkSync(modules, tree.path('node_modules'));
  tree.init();
  const nx = ['nx-cache', '--', join(modules, '.bin/nx'), 'run', 'one:make'];
  const env = {
    NX_DAEMON: 'false',
    CI: 'true',
    NX_SOCKET_DIR: join(tree.base, 's'),
    NX_NATIVE_FILE_CACHE_DIRECTORY: join(tree.base, 'n'),
  };
  const runs = (): number => (existsSync(tree.path('runs')) ? tree.read('runs').split('\n').length - 1 : 0);
  const forget = (): void =>
    ['.nx', 'one/out'].forEach((path) => rmSync(tree.path(path), { recursive: true, force: true }));
  const made = async (): Promise<string> => {
    const { exit, stdout, stderr } = await tree.slipway(nx, { env });
    expect({ exit, said: exit === 0 ? '' : stdout + stderr }).toEqual({ exit: 0, said: '' });
    return tree.read('one/out/made');
  };

  expect([await made(), runs()]).toEqual(['first', 1]);
  forget();
  expect([await made(), runs()]).toEqual(['first', 1]);

  const files = join(tree.home, '.cache/slipway/store/v1/cas');
  for (const { parentPath, name } of readdirSync(files, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )) {
    const bytes = readFileSync(join(parentPath, name));
    bytes[bytes.length >> 1]! ^= 1;
    chmodSync(join(parentPath, name), 0o644);
    writeFileSync(join(parentPath, name), bytes);
  }
  forget();
  expect([await made(), runs()]).toEqual(['first', 2]);

  tree.write({ 'one/in': 'second' });
  const killed = tree.start(nx, { env });
  setTimeout(() => killed.signal('SIGKILL', 'group'), 700);
  await killed.ended;
  forget();
  expect(await made()).toBe('second');

  const store = join(tree.home, '.cache/slipway/store');
  rmSync(store, { recursive: true });
  writeFileSync(store, 'a file where the store should be');
  tree.write({ 'one/in': 'third' });
  forget();
  expect(await made()).toBe('third');
  expectFailure(await tree.slipway(['nx-cache']), 'BAD_USAGE', { says: 'needs a command' });

  const stopped = tree.start(['nx-cache', '--', 'sh', '-c', 'touch started; exec sleep 100'], { env });
  await until('the program runs', () => existsSync(tree.path('started')));
  stopped.signal('SIGTERM', 'process');
  expectFailure(await stopped.ended, 'INTERRUPTED', { says: 'stopped by SIGTERM' });
});
