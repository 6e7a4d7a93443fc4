import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandRequest, fakeCommandRunner } from '@slipway/adapters';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectorVariables, withGoCollector } from './go-collector.ts';

const GIB = 2 ** 30;

test('each program of Go may use its share of half the free memory before it collects', () => {
  expect(collectorVariables({}, { cores: 7, memory: 16 * GIB })).toEqual({ GOGC: 'off', GOMEMLIMIT: '1024MiB' });
});

test('no program of Go gets more than 2 GiB, however much is free', () => {
  expect(collectorVariables({}, { cores: 2, memory: 512 * GIB })).toEqual({ GOGC: 'off', GOMEMLIMIT: '2048MiB' });
});

test('Go collects as it does by default where a share is small', () => {
  expect(collectorVariables({}, { cores: 64, memory: 60 * GIB })).toEqual({});
});

test.each(['GOGC', 'GOMEMLIMIT'])("a user's %s is not changed, and the other one is not added", (name) => {
  expect(collectorVariables({ [name]: '50' }, { cores: 2, memory: 24 * GIB })).toEqual({});
});

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-collector-'));
  for (const version of ['go1.18.10', 'go1.21.7']) {
    mkdirSync(join(root, version, 'bin'), { recursive: true });
    writeFileSync(join(root, version, 'VERSION'), `${version}\ntime 2024-01-30T20:14:55Z\n`);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const environmentOf = (...argv: string[]) => environmentIn({ argv, cwd: '/', env: { HOME: '/nowhere' } });

async function environmentIn(asked: CommandRequest): Promise<CommandRequest['env']> {
  let seen: CommandRequest['env'] = {};
  const inner = fakeCommandRunner((request) => {
    seen = request.env;
    return { output: '', exit: 0 };
  });
  const runner = withGoCollector(inner, () => ({ cores: 1, memory: 8 * GIB }));
  await runner.run(asked);
  return seen;
}

const SET = { HOME: '/nowhere', GOGC: 'off', GOMEMLIMIT: '2048MiB' };
const UNSET = { HOME: '/nowhere' };

test.each([['build'], ['install'], ['list', '-deps'], ['vet'], ['test', '-c']])('go %s gets them', async (...words) => {
  expect(await environmentOf(join(root, 'go1.21.7/bin/go'), ...words)).toEqual(SET);
});

test.each([['test'], ['run'], ['generate'], ['env']])(
  'go %s does not: it may start programs that see them',
  async (...words) => {
    expect(await environmentOf(join(root, 'go1.21.7/bin/go'), ...words)).toEqual(UNSET);
  },
);

test('go test gets them where its tests do not see them', async () => {
  const argv = [join(root, 'go1.21.7/bin/go'), 'test', '-exec=hide'];
  expect(await environmentIn({ argv, cwd: '/', env: UNSET, hidesCollector: true })).toEqual(SET);
});

test.each([
  ['build', '-toolexec=tools/wrap'],
  ['vet', '-vettool', 'tools/check'],
  ['test', '-exec=hide', '-exec=run'],
  ['test', '-c', '-toolexec', 'tools/wrap'],
])('go %s %s does not, as it starts a program of the tree', async (...words) => {
  const argv = [join(root, 'go1.21.7/bin/go'), ...words];
  const hides = words[1] === '-exec=hide' ? { hidesCollector: true as const } : {};
  expect(await environmentIn({ argv, cwd: '/', env: UNSET, ...hides })).toEqual(UNSET);
});

test('flags of GOFLAGS count as those of the call', async () => {
  const argv = [join(root, 'go1.21.7/bin/go'), 'build'];
  const env = { ...UNSET, GOFLAGS: '-mod=mod -toolexec=tools/wrap' };
  expect(await environmentIn({ argv, cwd: '/', env })).toEqual(env);
});

test('a Go without GOMEMLIMIT, one on PATH and other programs do not get them', async () => {
  expect(await environmentOf(join(root, 'go1.18.10/bin/go'), 'build')).toEqual(UNSET);
  expect(await environmentOf('go', 'build')).toEqual(UNSET);
  expect(await environmentOf(join(root, 'go1.21.7/bin/gofmt'), 'build')).toEqual(UNSET);
});
