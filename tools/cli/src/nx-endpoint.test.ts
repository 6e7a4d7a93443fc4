import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Store, openStore } from '@slipway/freshness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NxEndpoint, openNxEndpoint } from './nx-endpoint.ts';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'slipway-nx-test-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const storeAt = (name: string): Store => openStore({ directory: join(base, name), maxBytes: 2 ** 30 });

/** Sends a request as Nx does. */
async function ask({ environment }: NxEndpoint, name: string, body?: string): Promise<number | string> {
  const url = `${environment['NX_SELF_HOSTED_REMOTE_CACHE_SERVER']}/v1/cache/${name}`;
  const authorization = `Bearer ${environment['NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN']}`;
  const request = body === undefined ? {} : { method: 'PUT', body };
  const answer = await fetch(url, { ...request, headers: { authorization } });
  const text = await answer.text();
  return answer.ok && body === undefined ? text : answer.status;
}

/** Sends bytes on a connection and breaks it. */
const tear = ({ environment }: NxEndpoint, text: string): Promise<void> =>
  new Promise((done) => {
    const { port } = new URL(environment['NX_SELF_HOSTED_REMOTE_CACHE_SERVER']!);
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(text);
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    socket.on('error', () => {});
    socket.on('close', () => done());
  });

test('a client gets what it stored, and requests without the token are refused', async () => {
  await using endpoint = await openNxEndpoint(storeAt('right'));
  expect(await ask(endpoint, 'a')).toBe(404);
  expect(await ask(endpoint, 'a', 'content')).toBe(200);
  expect(await ask(endpoint, 'a', 'other')).toBe(409);
  expect(await ask(endpoint, 'a')).toBe('content');
  const stranger = { ...endpoint.environment, NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'guessed' };
  expect(await ask({ ...endpoint, environment: stranger }, 'a')).toBe(401);
});

const broken: Record<string, () => Store> = {
  'that throws': () => ({
    find: () => Promise.reject(new Error('find')),
    take: () => Promise.reject(new Error('take')),
    add: () => Promise.reject(new Error('add')),
    exclusively: (_, work) => work(),
  }),
  'whose contents cannot be taken': () => ({ ...storeAt('untaken'), take: () => Promise.reject(new Error('take')) }),
  'that cannot be written': () => {
    writeFileSync(join(base, 'file'), '');
    return storeAt('file/store');
  },
};

test.each(Object.entries(broken))('a store %s is one without contents', async (_, open) => {
  await using endpoint = await openNxEndpoint(open());
  expect(await ask(endpoint, 'a', 'content')).toBe(200);
  expect(await ask(endpoint, 'a')).toBe(404);
});

test('broken connections and invalid requests do not affect others, and an incomplete upload is not stored', async () => {
  await using endpoint = await openNxEndpoint(storeAt('torn'));
  const token = endpoint.environment['NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN'];
  const head = `Host: x\r\nAuthorization: Bearer ${token}\r\n`;
  await Promise.all([
    tear(endpoint, '\u0000\u0001 nonsense\r\n\r\n'),
    tear(endpoint, `GET /v1/cache/../../etc HTTP/1.1\r\n${head}\r\n`),
    tear(endpoint, `PUT /v1/cache/half HTTP/1.1\r\n${head}Content-Length: 1000\r\n\r\nhalf`),
    ...Array.from({ length: 20 }, () => tear(endpoint, `GET /v1/cache/a HTTP/1.1\r\n${head}\r\n`)),
  ]);
  expect(await ask(endpoint, 'half')).toBe(404);
  expect(await ask(endpoint, 'a', 'content')).toBe(200);
  expect(await ask(endpoint, 'a')).toBe('content');
});

test('an upload works after its temporary files were removed', async () => {
  await using endpoint = await openNxEndpoint(storeAt('tidied'));
  expect(await ask(endpoint, 'a', 'content')).toBe(200);
  rmSync(endpoint.scratch, { recursive: true });
  expect(await ask(endpoint, 'a')).toBe('content');
  expect(await ask(endpoint, 'b', 'more')).toBe(200);
});
