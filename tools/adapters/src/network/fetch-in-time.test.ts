import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { TooLarge, fetchInTime, reasonOf } from './fetch-in-time.ts';

/** A server with this answer. */
async function serving(answer: (response: ServerResponse, authorization: string | undefined) => void) {
  const server = createServer((request, response) => answer(response, request.headers.authorization));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const timeLimits = { answerSeconds: 0.5, graceSeconds: 0.5, bytesPerSecond: 1000 };

test('a server that takes the question and says nothing is left', async () => {
  await using server = await serving(() => {});
  await expect(fetchInTime(server.url, { timeLimits })).rejects.toThrow('no answer within 1 s');
});

test('a body that trickles for ever is left', async () => {
  await using server = await serving((response) => {
    response.write('x');
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const answer = await fetchInTime(server.url, { timeLimits });
  await expect(answer.bytes(1e6)).rejects.toThrow('it sends less than 1000 bytes a second');
});

test('a body that stops after a fast beginning is left as soon', async () => {
  await using server = await serving((response) => response.write(Buffer.alloc(1_000_000)));
  const from = performance.now();
  const answer = await fetchInTime(server.url, { timeLimits });
  await expect(answer.bytes(1e9)).rejects.toThrow('bytes a second');
  // The credit of a megabyte would last a quarter of an hour.
  expect(performance.now() - from).toBeLessThan(120_000);
});

test('a slow body is accepted while it arrives', async () => {
  await using server = await serving((response) => {
    let left = 10;
    const timer = setInterval(() => {
      response.write(Buffer.alloc(300));
      if ((left -= 1) === 0) response.end();
    }, 100);
    response.on('close', () => clearInterval(timer));
  });
  // This is thirty times the required speed, because this process may be late, too.
  const asked = fetchInTime(server.url, { timeLimits: { answerSeconds: 60, graceSeconds: 5, bytesPerSecond: 100 } });
  expect(await (await asked).bytes(10_000)).toHaveLength(3000);
});

test('a body without end is read up to its limit', async () => {
  await using server = await serving((response) => {
    const send = (): void =>
      void (response.write(Buffer.alloc(65536)) ? setImmediate(send) : response.once('drain', send));
    send();
  });
  const answer = await fetchInTime(server.url, { timeLimits });
  await expect(answer.bytes(1e6)).rejects.toBeInstanceOf(TooLarge);
  expect((await (await fetchInTime(server.url, { timeLimits })).beginning()).length).toBeLessThanOrEqual(65536);
});

test('a password of the address is sent to its server, and to none it redirects to', async () => {
  const told: (string | undefined)[] = [];
  await using other = await serving((response, authorization) => {
    told.push(authorization);
    response.end();
  });
  await using server = await serving((response, authorization) => {
    told.push(authorization);
    response.writeHead(302, { location: other.url.href }).end();
  });
  const url = new URL(server.url);
  [url.username, url.password] = ['me', 'secret!'];
  await fetchInTime(url);
  expect(told).toEqual([`Basic ${Buffer.from('me:secret!').toString('base64')}`, undefined]);
});

test('an interrupted caller does not wait', async () => {
  await using server = await serving(() => {});
  await expect(fetchInTime(server.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
});

test('the reason of a failed request is reported', () => {
  expect(reasonOf(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }))).toBe(
    'connect ECONNREFUSED',
  );
});
