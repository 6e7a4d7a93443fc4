import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchSet } from './fetch-set.ts';

/** A server of only these files. A number is the status of an answer. */
async function serving(files: Readonly<Record<string, string | number>>) {
  const server = createServer((request, response) => {
    const found = files[decodeURIComponent(request.url!.slice('/set/'.length))] ?? 404;
    response.writeHead(typeof found === 'number' ? found : 200).end(typeof found === 'number' ? '' : found);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/set`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const line = (name: string, text: string): string => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`;
const set = {
  'a b.tar.gz': 'a',
  'provenance.json': '{}',
  SHA256SUMS: line('a b.tar.gz', 'a') + line('provenance.json', '{}'),
};
const signal = new AbortController().signal;
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('slipway-set-'));

test('all files of its sums are fetched, and those that may be beside them; disposing removes them', async () => {
  await using server = await serving({ ...set, SHA512SUMS: 'x', stranger: 'y' });
  const fetched = await fetchSet(server.address, signal);
  expect(readdirSync(fetched.dir).sort()).toEqual(['SHA256SUMS', 'SHA512SUMS', 'a b.tar.gz', 'provenance.json']);
  expect(readFileSync(join(fetched.dir, 'a b.tar.gz'), 'utf8')).toBe('a');
  await fetched[Symbol.asyncDispose]();
  expect(existsSync(fetched.dir)).toBe(false);
});

test.each([
  ['without sums', {}, 'it is not there'],
  ['whose sums lead elsewhere', { SHA256SUMS: line('../x', 'x') }, 'not the name of a file beside it'],
  ['that refuses', { SHA256SUMS: 403 }, 'answers 403'],
  ['that fails in the middle', { ...set, 'provenance.json': 500 }, 'answers 500'],
  ['that sends more than it may', { ...set, 'a b.tar.gz': 'a'.repeat(2000) }, 'it sends more than'],
  [
    'that names more than it may',
    {
      SHA256SUMS: 'abcd'
        .split('')
        .map((each) => line(each, ''))
        .join(''),
    },
    'more than 3',
  ],
])('a server %s is refused, and nothing is left', async (_what, files, says) => {
  await using server = await serving(files);
  const before = leftovers();
  await expect(fetchSet(server.address, signal, { files: 3, bytes: 1000 })).rejects.toThrow(says);
  expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
});

test('a server with endless sums is refused before a disk is full', async () => {
  await using server = await serving({ SHA256SUMS: 'x'.repeat(2 << 20) });
  await expect(fetchSet(server.address, signal)).rejects.toThrow('it sends more than 1048576 bytes');
});

test('a server that trickles for ever is left, and nothing stays', async () => {
  const slow = createServer((_request, response) => {
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  const before = leftovers();
  const timeLimits = { answerSeconds: 5, graceSeconds: 0.3, bytesPerSecond: 1000 };
  const address = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/set`;
  await expect(fetchSet(address, signal, { files: 3, bytes: 1000, timeLimits })).rejects.toThrow('bytes a second');
  expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
  slow.closeAllConnections();
  slow.close();
});

test('a server that does not answer is reported', async () => {
  const server = await serving({});
  await server[Symbol.asyncDispose]();
  await expect(fetchSet(server.address, signal)).rejects.toThrow('ECONNREFUSED');
});
