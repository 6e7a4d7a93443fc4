import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import { fetchInTime } from '../network/fetch-in-time.ts';
import { logIn, siteOf } from './log-in.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Served {
  readonly origin: string;
  /** The `authorization` header of each request. */
  readonly told: (string | undefined)[];
}

async function serving(status: number, headers: Record<string, string>, body = ''): Promise<Served> {
  const told: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers.authorization);
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

const PASSWORD = 'bWU6c2VjcmV0';

/** Logs in after this challenge of a registry. `known` has the credentials of other origins. */
async function asked(challenge: string, known: Readonly<Record<string, string>> = {}, as?: string): Promise<string> {
  const registry = await serving(401, { 'www-authenticate': challenge });
  const refused = await fetchInTime(new URL(registry.origin));
  return logIn(refused, {
    ...{ origin: as ?? registry.origin, identity: undefined, environment: {}, signal: new AbortController().signal },
    timeLimits: { answerSeconds: 1, graceSeconds: 1, bytesPerSecond: 1000 },
    credentialsOf: async (origin) => known[origin] ?? (as === undefined || origin === as ? PASSWORD : undefined),
    bad: (fact) => new FailureError({ code: 'BAD_IMAGE', image: 'x', fact }),
  });
}

test('a realm of another origin gets neither the password nor a request', async () => {
  const realm = await serving(200, {}, '{"token":"x"}');
  const challenge = `Bearer realm="${realm.origin}/token",service="s"`;
  await expect(asked(challenge, {}, 'https://registry.example')).rejects.toThrow('which is not https');
  expect(realm.told).toEqual([]);
  await expect(asked('Bearer realm="https://collector.invalid/token"', {}, 'https://registry.example')).rejects.toThrow(
    'which is another site; if that is right, put an entry for collector.invalid',
  );
});

test.each([
  ['https://registry-1.images.example', 'https://auth.images.example', true],
  ['https://registry.gitlab.example', 'https://gitlab.example', true],
  ['https://images.example', 'https://images.example', true],
  ['https://registry.example', 'https://registry.example.invalid', false],
  ['https://registry.example', 'https://xregistry.example', false],
  ['https://a.co.uk', 'https://b.co.uk', false],
  ['https://images.a.co.uk', 'https://login.a.co.uk', true],
  ['https://10.0.0.1', 'https://10.9.0.1', false],
  ['https://[::1]', 'https://[::2]', false],
])('%s and %s are the same site: %s', (one, other, same) => {
  expect(siteOf(new URL(one)) === siteOf(new URL(other))).toBe(same);
});

test('a realm of the same origin gets the password and gives a token', async () => {
  const realm = await serving(200, {}, '{"access_token":"abc"}');
  const registry = new URL(realm.origin);
  const answer = await asked(`Bearer realm="${registry.origin}/token"`, {}, registry.origin);
  expect(answer).toBe('Bearer abc');
  expect(realm.told).toEqual([`Basic ${PASSWORD}`]);
});

test.each([
  ['is no JSON', '<html>'],
  ['is a list', '[]'],
  ['has a token that is none', '{"token":{}}'],
  ['has a token that would be two headers', '{"token":"x\\r\\nx-other: y"}'],
])('an answer of a realm that %s is not a token', async (_what, body) => {
  const { origin } = await serving(200, {}, body);
  await expect(asked(`Bearer realm="${origin}/"`, {}, origin)).rejects.toThrow('gives no token');
});

test.each([
  ['file:///etc/passwd', 'which is not https'],
  ['data:application/json,{"token":"x"}', 'which is not https'],
  ['not an address', 'authentication required'],
])('a realm at %s gets no request', async (realm, says) => {
  await expect(asked(`Bearer realm="${realm}"`)).rejects.toThrow(says);
});

test('a realm that never answers is given up', async () => {
  const server = createServer(() => {});
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(asked(`Bearer realm="${origin}/"`, {}, origin)).rejects.toThrow('no answer within 1 s');
});
