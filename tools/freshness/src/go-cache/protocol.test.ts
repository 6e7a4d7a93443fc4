import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { type GoCache, serveGo } from './protocol.ts';

const empty: GoCache = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.reject(new Error('nothing is put')),
  close: () => Promise.resolve(),
};

test.for([
  ['what somebody types', 'hello\n'],
  ['a request that was cut off', '{"ID":1,"Comm'],
  ['a body that was cut off', '{"ID":1,"Command":"put","ActionID":"aa","OutputID":"bb","BodySize":9}\n"aGVsb'],
])('%s is no request of Go, and no bug', async ([, text]) => {
  await expect(serveGo(empty, Readable.from([text!]), () => {})).rejects.toMatchObject({
    failures: [{ code: 'BAD_USAGE' }],
  });
});
