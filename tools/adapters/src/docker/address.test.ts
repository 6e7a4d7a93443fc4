import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { engineAddress, formatAddress } from './address.ts';
import { demultiplex } from './demultiplex.ts';

const directory = mkdtempSync(join(tmpdir(), 'slipway-engine-'));
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ['unix:///run/e.sock', 'unix:///run/e.sock'],
  ['/run/e.sock', 'unix:///run/e.sock'],
  ['tcp://host', 'tcp://host:2375'],
  ['tcp://host:99', 'tcp://host:99'],
  ['tcp://[::1]:99', 'tcp://::1:99'],
  ['ssh://me@host', 'ssh://me@host'],
  ['ssh://me@host:22', 'ssh://me@host:22'],
])('DOCKER_HOST=%s', (given, found) => {
  expect(formatAddress(engineAddress({ DOCKER_HOST: given }))).toBe(found);
});

test.each(['host', 'ftp://host', 'tcp://'])('DOCKER_HOST=%s is an error', (given) => {
  expect(() => engineAddress({ DOCKER_HOST: given })).toThrow('BAD_VALUE');
});

test('with TLS the certificates are read, and a missing one is reported', () => {
  const environment = { DOCKER_HOST: 'tcp://host', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: directory };
  expect(() => engineAddress(environment)).toThrow(join(directory, 'ca.pem'));
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(directory, `${name}.pem`), name);
  expect(engineAddress(environment)).toMatchObject({ port: 2376, tls: { ca: 'ca', cert: 'cert', key: 'key' } });
});

test("the address of a port on a remote engine is the engine's host", () => {
  const socket = (given: string): unknown => engineAddress({ DOCKER_HOST: given });
  expect(socket('ssh://host')).toMatchObject({ socket: '/var/run/docker.sock' });
  expect(socket('ssh://host/run/user/1/docker.sock')).toMatchObject({ socket: '/run/user/1/docker.sock' });
});

test('a context has an address and its own certificates', () => {
  const digest = createHash('sha256').update('far').digest('hex');
  const [meta, tls] = [join(directory, 'contexts/meta', digest), join(directory, 'contexts/tls', digest, 'docker')];
  for (const each of [meta, tls]) mkdirSync(each, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: 'far', Endpoints: { docker: { Host: 'tcp://far' } } }));
  const environment = { DOCKER_CONTEXT: 'far', DOCKER_CONFIG: directory, DOCKER_TLS_VERIFY: '1' };
  expect(engineAddress(environment)).toEqual({ kind: 'tcp', host: 'far', port: 2375, tls: undefined });
  writeFileSync(join(tls, 'ca.pem'), 'theirs');
  expect(engineAddress(environment)).toEqual({ kind: 'tcp', host: 'far', port: 2376, tls: { ca: 'theirs' } });
  expect(formatAddress(engineAddress({ ...environment, DOCKER_HOST: '/run/e.sock' }))).toBe('unix:///run/e.sock');
});

test('an unknown context is reported', () => {
  expect(() => engineAddress({ DOCKER_CONTEXT: 'nowhere', HOME: directory })).toThrow(
    'invalid value for DOCKER_CONTEXT: nowhere',
  );
});

test('frames are parsed correctly for any split of the stream', async () => {
  const frame = (stream: number, words: string): Buffer => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(words.length, 4);
    return Buffer.concat([header, Buffer.from(words)]);
  };
  const all = Buffer.concat([frame(1, 'out'), frame(2, 'error'), frame(1, ''), frame(1, 'put')]);
  for (let size = 1; size <= all.length; size += 1) {
    const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
      all.subarray(at * size, (at + 1) * size),
    );
    const [output, errors] = [new PassThrough(), new PassThrough()];
    await demultiplex(Readable.from(parts), output, errors);
    output.end();
    errors.end();
    expect([await text(output), await text(errors)]).toEqual(['output', 'error']);
  }
});
