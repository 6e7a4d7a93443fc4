import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Capabilities } from '../reapi/index.ts';
import { callOnce } from './call-once.ts';
import { download } from './download.ts';
import { openCalls } from './open-calls.ts';
import { RemoteCacheError } from './port.ts';
import { upload } from './upload.ts';
import { countdown } from './watch-progress.ts';

test('a call to a closed connection is refused at once, and has no later effect', async () => {
  const calls = openCalls(new URL('grpc://127.0.0.1:1'), { headers: {} });
  calls.client.close();
  const limit = (end: (why: RemoteCacheError) => void): Disposable => countdown(50, end);
  const asked = callOnce(calls, { method: Capabilities.method.getCapabilities, request: {}, limit });
  await expect(asked).rejects.toThrow(RemoteCacheError);
  const pieces = (async function* () {})();
  const sent = upload(calls, { resource: 'r', pieces, size: 1 }, { bytesPerSecond: 1, grace: 50 });
  await expect(sent).rejects.toThrow(RemoteCacheError);
  const read = download(calls, 'r', { wait: limit, brought() {}, lost: 0 })[Symbol.asyncIterator]();
  await expect(read.next()).rejects.toThrow(RemoteCacheError);
  // An error in a timer would fail this test run.
  await pause(200);
  expect(calls.running.size).toBe(0);
});
