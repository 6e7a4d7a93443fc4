import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { RemoteCache } from '@slipway/adapters';
import { nothingCached } from '@slipway/adapters/remote-cache';
import { goRecords } from './go-records.ts';

const right = { outputId: 'ab', digest: '0'.repeat(64), size: 5, time: 1 };

/** A server that answers every request for a list with this text. */
function listing(lines: readonly string[]): RemoteCache {
  const text = Buffer.from(lines.join('\n'));
  const file = { path: 'list', digest: hash('sha256', text), size: text.length, executable: false };
  return {
    ...nothingCached,
    result: async () => ({ files: [file], note: Buffer.alloc(0) }),
    read: async () => [text],
  };
}

const read = (lines: readonly string[]) =>
  goRecords(listing(lines), { scope: 'shared', signer: undefined, trusted: [] }).list('x');

test("a server's list cannot name a file outside the cache", async () => {
  const said = JSON.stringify(right);
  const found = await read([
    `../../../../tmp/owned ${said}`,
    `a/../../b ${said}`,
    `/etc/cron.d/x ${said}`,
    `${'a'.repeat(64)} ${said}`,
  ]);
  expect([...found.keys()]).toEqual(['a'.repeat(64)]);
});

test("a server's list cannot fill the disk", async () => {
  const sized = (size: number): string => JSON.stringify({ ...right, size });
  const found = await read([`aa ${sized(2 ** 50)}`, `bb ${sized(-1)}`, `cc ${sized(5)}`]);
  expect([...found.keys()]).toEqual(['cc']);
});
