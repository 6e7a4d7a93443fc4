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
  ['a request that is no object', 'null\n'],
  ['a body of another size', '{"ID":1,"Command":"put","ActionID":"aa","OutputID":"bb","BodySize":9}\n"aGVsbG8="\n'],
  ['a body that is no text', '{"ID":1,"Command":"put","ActionID":"aa","OutputID":"bb","BodySize":9}\n{}\n'],
  ['a body that was cut off', '{"ID":1,"Command":"put","ActionID":"aa","OutputID":"bb","BodySize":9}\n"aGVsb'],
])('%s is no request of Go, and no bug', async ([, text]) => {
  await expect(serveGo(empty, Readable.from([text!]), () => {})).rejects.toMatchObject({
    failures: [{ code: 'BAD_USAGE' }],
  });
});

test('an endless line is not kept in memory', async () => {
  const piece = Buffer.alloc(1 << 20, 'x');
  let sent = 0;
  const endless = Readable.from(
    (function* () {
      for (;;) {
        sent += piece.length;
        yield piece;
      }
    })(),
  );
  await expect(serveGo(empty, endless, () => {})).rejects.toThrow('a line of more than');
  expect(sent).toBeLessThan(600 << 20);
});
