import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { repo } from '../src/repo-rig.ts';
import type { Ended } from '../src/slipway-process.ts';

const printed = ({ stdout, stderr }: Ended): string => stdout + stderr;
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('the text of a commit is shown, and no terminal obeys it', async () => {
  await using tree = repo('plain');
  tree
    .write({ 'README.md': 'x' })
    .commit('feat: clears\u001b[2J the screen\u202E, \u009b31m and rings\u0007', 'v1.2.4');
  const notes = await tree.slipway(['release', 'notes', 'v1.2.3', 'v1.2.4']);
  expect(notes.stdout).toContain('clears\\x1b[2J the screen\\u202e');
  expect(printed(notes)).not.toMatch(OBEYED);
  const json = await tree.slipway(['release', 'notes', 'v1.2.3', 'v1.2.4', '--json']);
  expect(printed(json)).not.toMatch(OBEYED);
  expect(JSON.stringify(JSON.parse(json.stdout))).toContain('the screen\u202E');
});

test('the message of a compiler is shown, and no terminal obeys it', async () => {
  await using tree = repo('plain');
  const { stdout } = await tree.slipway(['query', '//...', '--output', 'json']);
  expect(stdout).toContain('{\n');
  tree.write({ 'cmd/bad/main.go': 'package main\n\n//line \u001b[2Jx.go:1\nfunc main() { undefined() }\n' });
  const built = await tree.slipway(['all', 'WHAT=cmd/bad']);
  expect(built.exit).not.toBe(0);
  expect(printed(built)).toContain('undefined');
  expect(printed(built)).not.toMatch(OBEYED);
});

/** Everything that takes an address, or passes one on. */
const addresses: Readonly<Record<string, { readonly args: readonly string[]; readonly env?: Record<string, string> }>> =
  {
    'a set, where nobody listens': { args: ['release', 'verify', 'http://me:se@cret@127.0.0.1:9/set'] },
    'a set to be built again': { args: ['release', 'reproduce', 'http://me:secret@127.0.0.1:9/set', '--json'] },
    'a module proxy, of a plan': { args: ['all', '-n'], env: { GOPROXY: 'https://me:secret@proxy.invalid' } },
    'a module proxy, of a plan in JSON': {
      args: ['all', '-n', '--json'],
      env: { GOPROXY: 'https://me:secret@proxy.invalid' },
    },
    'an HTTP proxy': { args: ['all', '-n'], env: { https_proxy: 'http://me:se/cret@proxy.invalid:8080' } },
    'a stamp': { args: ['all', '-n', 'GOLDFLAGS=-X main.from=https://me:secret@host'] },
    'a container engine that is none': {
      args: ['release', '-n'],
      env: { DOCKER_HOST: 'nonsense://me:secret@127.0.0.1' },
    },
    'a container engine nobody runs': { args: ['doctor'], env: { DOCKER_HOST: 'tcp://me:secret@127.0.0.1:9' } },
    'a shared cache that is none': {
      args: ['all', 'WHAT=cmd/nothing', '--explain'],
      env: { SLIPWAY_REMOTE_CACHE: 'http://me:secret@127.0.0.1:9' },
    },
    'a registry of an image': { args: ['push-images', 'KUBE_DOCKER_REGISTRY=http://me:secret@registry.invalid', '-n'] },
    'a registry without a scheme': { args: ['push-images', 'KUBE_DOCKER_REGISTRY=me:secret@registry.invalid/x', '-n'] },
    'an image to build in': { args: ['quick-release', 'KUBE_CROSS_IMAGE=me:secret@registry.invalid/x:v1', '-n'] },
    'a proxy without a scheme': { args: ['all', '-n', '--json'], env: { https_proxy: 'me:secret@proxy.invalid:8080' } },
    'a set at an address nobody can read': { args: ['release', 'verify', 'ftp://me:secret@127.0.0.1:9/set'] },
    'an output that is an address': { args: ['all', '-n', 'OUT_DIR=ssh://me:secret@host/x'] },
    'a word that means nothing': { args: ['https://me:secret@host'] },
  };

test.each(Object.entries(addresses))('the password of %s is not printed', async (_what, { args, env = {} }) => {
  await using tree = repo('plain');
  const ended = await tree.slipway(args, { env });
  expect(printed(ended)).not.toBe('');
  expect(printed(ended)).not.toMatch(/secret|se@|cret@|me:/);
  expect(ended.exit).not.toBe(70);
});

test('the page about a run has no password, and nothing that turns text around in a browser', async () => {
  await using tree = repo('plain');
  await tree.slipway(['all', '--report', 'GOLDFLAGS=-X main.from=https://me:secret@host\u202E'], {});
  const page = tree.read('_output/local/report.html');
  expect(page).toContain('***@host');
  expect(page).not.toMatch(/secret|\u202E/);
});

test('a password goes only to the server of its address', async () => {
  await using tree = repo('plain');
  const told: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const ended = await tree.slipway(['release', 'verify', `http://me:secret@127.0.0.1:${port}/set`]);
  server.close();
  expect(ended.stderr).toContain(`http://***@127.0.0.1:${port}/set`);
  expect(told).toEqual([`Basic ${Buffer.from('me:secret').toString('base64')}`]);
});
