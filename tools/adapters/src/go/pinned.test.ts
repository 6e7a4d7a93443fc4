import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Environment, GoToolchain, Moved } from '@slipway/model';
import { memoryMemo } from '../files/memo.ts';
import { fakeCommandRunner } from '../process/fake.ts';
import { hostPair } from './go-env.ts';
import { splitProxies } from './proxy.ts';
import { realGoFinder } from './real.ts';
import { hashOfFiles, storedZip } from './zip-fixture.ts';

const module = `v0.0.1-go1.99.0.${hostPair()}`;
const prefix = `golang.org/toolchain@${module}/`;
const files = {
  [`${prefix}VERSION`]: 'go1.99.0\ntime 2030-01-01T00:00:00Z\n',
  [`${prefix}bin/go`]: '#!/bin/sh\n',
  [`${prefix}pkg/tool/x/compile`]: 'compiler',
  [`${prefix}src/_go.mod`]: 'module std\n',
  [`${prefix}src/fmt/print.go`]: 'package fmt\n',
};
const zip = storedZip(files);

let base: string;
let server: Server;
let url: string;
/** The present answer of the proxy, and the requests to it. */
let answer: { status: number; body: Buffer; length?: number; pauses?: boolean };
let asked: { path: string; authorization: string | undefined }[];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-pinned-'));
  server = createServer((request, response) => {
    asked.push({ path: request.url!, authorization: request.headers.authorization });
    const { status, body, length = body.length, pauses = false } = answer;
    response.writeHead(status, { 'content-length': length });
    if (pauses) response.write(body.subarray(0, 10), () => setTimeout(() => response.end(body.subarray(10)), 600));
    else if (length === body.length) response.end(body);
    else response.write(body, () => response.destroy());
  });
  server.on('connect', (request, socket) => {
    asked.push({ path: `CONNECT ${request.url}`, authorization: undefined });
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(base, { recursive: true });
});
beforeEach(() => {
  answer = { status: 200, body: zip };
  asked = [];
});

test('a Go is downloaded, checked, made usable and kept', async () => {
  const { home, find, messages } = await machineWithoutGo({ GOPROXY: url });
  const toolchain = await find();
  const goroot = join(home, '.cache/slipway/go', `go1.99.0.${hostPair()}`);
  expect(toolchain).toEqual({ command: join(goroot, 'bin/go'), goroot, version: '1.99.0' });
  expect((await stat(join(goroot, 'bin/go'))).mode & 0o111).toBe(0o111);
  expect((await stat(join(goroot, 'pkg/tool/x/compile'))).mode & 0o111).toBe(0o111);
  expect((await stat(join(goroot, 'src/fmt/print.go'))).mode & 0o111).toBe(0);
  expect(await readFile(join(goroot, 'src/go.mod'), 'utf8')).toBe('module std\n');
  expect(await readdir(join(home, '.cache/slipway/go'))).toEqual([`go1.99.0.${hostPair()}`]);
  expect(messages).toEqual([`downloading ${url}/golang.org/toolchain/@v/${module}.zip`, 'unpacking Go 1.99.0']);
  await find();
  expect(asked).toEqual([{ path: `/golang.org/toolchain/@v/${module}.zip`, authorization: undefined }]);
});

test.each([
  {
    name: 'a wrong byte',
    body: () => storedZip({ ...files, [`${prefix}src/fmt/print.go`]: 'package fmT\n' }),
    expected: { code: 'HASH_MISMATCH', expected: hashOfFiles(files) },
  },
  {
    name: 'a file too many',
    body: () => storedZip({ ...files, [`${prefix}src/extra.go`]: '' }),
    expected: { code: 'HASH_MISMATCH' },
  },
  {
    name: 'an escaping file',
    body: () => storedZip({ ...files, [`${prefix}../../../../../escaped`]: 'x' }),
    expected: { code: 'GO_UNAVAILABLE', fact: expect.stringContaining('escaped') },
  },
  {
    name: 'half a zip',
    body: () => zip.subarray(0, zip.length / 2),
    expected: { code: 'GO_UNAVAILABLE', fact: expect.stringContaining('it is not a complete zip file') },
  },
  { name: 'a page', body: () => Buffer.from('<html>sign in</html>'), expected: { code: 'GO_UNAVAILABLE' } },
])('nothing is kept of $name', async ({ body, expected }) => {
  answer = { status: 200, body: body() };
  const { home, find } = await machineWithoutGo({ GOPROXY: url });
  await expect(find()).rejects.toMatchObject({ failures: [expected] });
  expect(await readdir(home, { recursive: true })).toEqual(['.cache', '.cache/slipway', '.cache/slipway/go']);
});

test('nothing is kept after a connection breaks', async () => {
  answer = { status: 200, body: zip.subarray(0, 100), length: zip.length };
  const { home, find } = await machineWithoutGo({ GOPROXY: url });
  await expect(find()).rejects.toMatchObject({
    failures: [{ code: 'GO_UNAVAILABLE', fact: expect.stringContaining(url) }],
  });
  expect(await readdir(join(home, '.cache/slipway/go'))).toEqual([]);
});

test.each([
  { proxies: 'URL/missing,FILE', status: 404, works: true },
  { proxies: 'URL/broken,FILE', status: 500, works: false },
  { proxies: 'URL/broken|FILE', status: 500, works: true },
  { proxies: 'http://127.0.0.1:1|FILE', status: 200, works: true },
  { proxies: 'FILE/missing,FILE', status: 200, works: true },
  { proxies: 'direct,FILE', status: 200, works: true },
  { proxies: 'off', status: 200, works: false },
  { proxies: 'URL/missing,off,FILE', status: 404, works: false },
])('GOPROXY=$proxies is followed when the first answers $status', async ({ proxies, status, works }) => {
  answer = { status, body: Buffer.from('sorry') };
  const GOPROXY = proxies.replace('URL', url).replaceAll('FILE', `file://${await fileProxy()}`);
  const { find } = await machineWithoutGo({ GOPROXY });
  if (works) expect((await find()).version).toBe('1.99.0');
  else
    await expect(find()).rejects.toMatchObject({
      failures: [{ code: 'GO_UNAVAILABLE', version: '1.98.0', from: 'go.mod' }],
    });
});

test('a failure has the error of each proxy, without passwords', async () => {
  answer = { status: 404, body: Buffer.from('not found: nothing here') };
  const withUser = url.replace('//', '//me:secret%21@');
  const { find, messages } = await machineWithoutGo({ GOPROXY: `${withUser},off` });
  const fact = `there is no go on PATH; ${url.replace('//', '//***@')} answers 404 not found: nothing here; GOPROXY=off forbids downloads`;
  await expect(find()).rejects.toMatchObject({ failures: [{ code: 'GO_UNAVAILABLE', fact }] });
  expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('me:secret!').toString('base64')}`);
  expect(messages.join()).not.toContain('secret');
});

test('GOPROXY is read from the file of go env -w', async () => {
  const { home, find } = await machineWithoutGo({});
  await mkdir(join(home, '.config/go'), { recursive: true });
  await writeFile(join(home, '.config/go/env'), `GOPROXY=${url}\n`);
  expect((await find()).version).toBe('1.99.0');
});

test('slipway uses an HTTP proxy of the environment', async () => {
  const { find } = await machineWithoutGo({ GOPROXY: 'http://modules.example.invalid', HTTP_PROXY: url });
  await expect(find()).rejects.toMatchObject({ failures: [{ code: 'GO_UNAVAILABLE' }] });
  expect(asked).toMatchObject([{ path: 'CONNECT modules.example.invalid:80' }]);
});

test('another version is fetched with the pinned one', async () => {
  const { home, find } = await machineWithoutGo({ GOPROXY: url }, { version: '1.21.7', exact: true });
  await expect(find()).rejects.toMatchObject({ failures: [{ code: 'GO_UNAVAILABLE', version: '1.21.7' }] });
  expect(switches).toMatchObject([
    {
      argv: [join(home, '.cache/slipway/go', `go1.99.0.${hostPair()}`, 'bin/go'), 'env', 'GOROOT'],
      env: { GOTOOLCHAIN: 'go1.21.7', GOPROXY: url },
    },
  ]);
});

test('an unfinished directory is replaced, and old leftovers of dead runs are removed', async () => {
  const { home, find } = await machineWithoutGo({ GOPROXY: url });
  const cache = join(home, '.cache/slipway/go');
  await mkdir(join(cache, `go1.99.0.${hostPair()}`, 'bin'), { recursive: true });
  for (const name of ['.slipway-tmp-999999999-old', '.slipway-tmp-999999999-new']) await mkdir(join(cache, name));
  await utimes(join(cache, '.slipway-tmp-999999999-old'), 1, 1);
  expect((await find()).version).toBe('1.99.0');
  expect((await readdir(cache)).sort()).toEqual(['.slipway-tmp-999999999-new', `go1.99.0.${hostPair()}`]);
});

test('a slow download reports how many bytes of how many arrived', async () => {
  answer = { status: 200, body: zip, pauses: true };
  const { find, messages, counts } = await machineWithoutGo({ GOPROXY: url });
  await find();
  expect(messages).toHaveLength(2);
  expect(counts).toEqual([{ done: zip.length, total: zip.length }]);
});

test('two parallel downloads both get it', async () => {
  const { find, home } = await machineWithoutGo({ GOPROXY: url });
  const [a, b] = await Promise.all([find(), find()]);
  expect(a).toEqual(b);
  expect(await readdir(join(home, '.cache/slipway/go'))).toHaveLength(1);
});

test('an interrupt leaves nothing', async () => {
  const stop = new AbortController();
  const { home, find } = await machineWithoutGo({ GOPROXY: url }, undefined, stop);
  await expect(find()).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }] });
  expect(await readdir(join(home, '.cache/slipway/go'))).toEqual([]);
});

test('a platform without a pinned Go, or an environment without a home, gets a reason', async () => {
  const find = (hashes: Record<string, string>, env: Environment) =>
    realGoFinder({ runner: fakeCommandRunner(), memo: memoryMemo(), pinned: { version: '1.99.0', hashes } }).findGo({
      requirement: undefined,
      variables: {},
      env,
      root: '/',
    });
  await expect(find({}, { HOME: base })).rejects.toThrow(`no Go is pinned for ${hostPair()}`);
  await expect(find({ [hostPair()]: 'h1:x' }, {})).rejects.toThrow('set HOME or XDG_CACHE_HOME');
});

test.each([
  [
    'a,b|c',
    [
      ['a', false],
      ['b', true],
      ['c', false],
    ],
  ],
  [
    ' a , ,b',
    [
      ['a', false],
      ['b', false],
    ],
  ],
  ['', []],
])('%j is a list of proxies', (text, expected) => {
  expect(splitProxies(text).map(({ proxy, onAnyError }) => [proxy, onAnyError])).toEqual(expected);
});

let switches: readonly { readonly argv: readonly string[] }[];

async function machineWithoutGo(more: Environment, wanted = { version: '1.98', exact: false }, stop?: AbortController) {
  const home = await mkdtemp(join(base, 'home-'));
  const runner = fakeCommandRunner(() => ({ exit: 1, stderr: 'go: no' }));
  switches = runner.requests;
  const messages: string[] = [];
  const counts: Moved[] = [];
  const finder = realGoFinder({
    runner,
    memo: memoryMemo(),
    pinned: { version: '1.99.0', hashes: { [hostPair()]: hashOfFiles(files) } },
  });
  const find = (): Promise<GoToolchain> =>
    finder.findGo({
      requirement: { ...wanted, from: 'go.mod' },
      variables: {},
      env: { PATH: '/nowhere', HOME: home, ...more },
      root: '/',
      progress(message, moved) {
        if (moved === undefined) messages.push(message);
        else counts.push(moved);
        stop?.abort('SIGINT');
      },
      ...(stop === undefined ? {} : { signal: stop.signal }),
    });
  return { home, find, messages, counts };
}

async function fileProxy(): Promise<string> {
  const dir = await mkdtemp(join(base, 'proxy-'));
  await mkdir(join(dir, 'golang.org/toolchain/@v'), { recursive: true });
  await writeFile(join(dir, 'golang.org/toolchain/@v', `${module}.zip`), zip);
  return dir;
}
