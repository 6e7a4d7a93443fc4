import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '@slipway/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatEntries, listTree, parseEntries } from './list-tree.ts';

let root: string;
const never = new AbortController().signal;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-list-'));
  for (const dir of ['a/node_modules', '_output/b', 'a/_output']) mkdirSync(join(root, dir), { recursive: true });
  for (const name of ['a/with\nline', 'a/node_modules/c', '_output/b/d', 'a/_output/e'])
    writeFileSync(join(root, name), 'five!');
  chmodSync(join(root, 'a/_output/e'), 0o700);
  symlinkSync('no where', join(root, 'link'));
});

afterAll(() => rmSync(root, { recursive: true }));

test('the list has all files except those that are excluded by path or by name', async () => {
  const { text, started } = await listTree({ root, exclude: ['/_output', 'node_modules'] }, never);
  const entries = parseEntries(text);
  expect([...entries.keys()].sort()).toEqual(['a', 'a/_output', 'a/_output/e', 'a/with\nline', 'link']);
  expect(entries.get('a/_output/e')).toMatchObject({ kind: 'file', mode: 0o700, size: 5 });
  expect(entries.get('a')).toMatchObject({ kind: 'directory', size: 0, modified: 0 });
  expect(entries.get('link')).toMatchObject({ kind: 'link', target: 'no where' });
  expect(entries.get('a/with\nline')!.modified).toBeLessThan(started + 1);
  expect(formatEntries(entries)).toBe(text);
});

test('the list changes with a file, and is the same without a change', async () => {
  const before = await listTree({ root, exclude: [] }, never);
  expect((await listTree({ root, exclude: [] }, never)).text).toBe(before.text);
  chmodSync(join(root, 'a/with\nline'), 0o644);
  expect((await listTree({ root, exclude: [] }, never)).text).not.toBe(before.text);
});

test('a name that is not UTF-8 is refused, unless it is excluded', async () => {
  const strange = mkdtempSync(join(root, 'strange-'));
  writeFileSync(Buffer.concat([Buffer.from(`${strange}/`), Buffer.from([0x61, 0xff])]), '');
  await expect(listTree({ root: strange, exclude: [] }, never)).rejects.toMatchObject({
    failures: [{ code: 'BAD_NAME', path: 'a\uFFFD' }],
  });
  await expect(listTree({ root, exclude: [`/${strange.slice(root.length + 1)}`] }, never)).resolves.toBeDefined();
  rmSync(strange, { recursive: true });
});

test('an unreadable directory or an interrupt ends the listing', async () => {
  const failureOf = async (listing: Promise<unknown>) =>
    listing.then(
      () => undefined,
      (error: unknown) => (error instanceof FailureError ? error.failures[0] : error),
    );
  const nowhere = { root: join(root, 'link'), exclude: [] };
  writeFileSync(join(root, 'file'), '');
  expect(await failureOf(listTree({ root: join(root, 'file'), exclude: [] }, never))).toMatchObject({
    code: 'SYNC_FAILED',
    fact: expect.stringMatching(/^the tree cannot be read: ENOTDIR/),
  });
  expect((await listTree(nowhere, never)).text).toBe('');
  expect(await failureOf(listTree(nowhere, AbortSignal.abort('SIGINT')))).toMatchObject({ code: 'INTERRUPTED' });
});
