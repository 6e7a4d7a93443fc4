import { expect, test } from 'vitest';
import { clusterConnection, sharedCacheSettings } from './shared-cache-settings.ts';

const HEADERS = { SLIPWAY_REMOTE_CACHE_HEADERS: 'authorization: Bearer secret' };

test.each([
  HEADERS,
  { SLIPWAY_REMOTE_CACHE_KEY: '/nowhere/key.pem' },
  { SLIPWAY_REMOTE_CACHE_CLIENT_CERTIFICATE: '/nowhere/certificate.pem' },
  { SLIPWAY_REMOTE_CACHE_CLIENT_KEY: '/nowhere/key.pem' },
])('an address of the tree is not shown %o', (secret) => {
  const config = { url: 'grpcs://cache.example:443' };
  expect(() => sharedCacheSettings(secret, config)).toThrow(/is for an address the environment names/);
  expect(sharedCacheSettings({ ...secret, SLIPWAY_REMOTE_CACHE: 'off' }, config)).toBeUndefined();
});

test("the tree's address gets no secrets, and the environment's address gets them", () => {
  expect(sharedCacheSettings({}, { url: 'grpc://cache.example:80' })).toMatchObject({ headers: {} });
  const own = { ...HEADERS, SLIPWAY_REMOTE_CACHE: 'grpcs://cache.example:443' };
  expect(sharedCacheSettings(own, { url: 'grpcs://other.example:443' })).toMatchObject({
    url: 'grpcs://cache.example:443',
    headers: { authorization: 'Bearer secret' },
  });
});

test.each([
  ['grpc://cache.example:80', false],
  ['grpc://127.0.0.1.example:80', false],
  ['grpc://10.0.0.1:80', false],
  ['grpc://127.0.0.1@cache.example:80', false],
  ['grpc://127.0.0.1:80', true],
  ['grpc://localhost:80', true],
  ['grpc://[::1]:80', true],
  ['grpcs://cache.example:443/instance', true],
])('a header is sent to %s: %s', (url, sent) => {
  const settings = () => sharedCacheSettings({ ...HEADERS, SLIPWAY_REMOTE_CACHE: url });
  if (sent) expect(settings()).toMatchObject({ url });
  else expect(settings).toThrow(/sent in the clear/);
});

test('a cluster that the tree names gets no secret of the environment', () => {
  const secret = { SLIPWAY_REMOTE_EXECUTION_HEADERS: 'authorization: Bearer x' };
  const urls = ['grpcs://cluster.example:443'];
  expect(() => clusterConnection(secret, urls, true)).toThrow(/for an address the command line names/);
  expect(clusterConnection(secret, urls, false).headers).toEqual({ authorization: 'Bearer x' });
  expect(() => clusterConnection(secret, ['grpc://cluster.example:80'], false)).toThrow(/sent in the clear/);
  expect(clusterConnection({}, urls, true)).toEqual({ headers: {}, authority: undefined, identity: undefined });
});
