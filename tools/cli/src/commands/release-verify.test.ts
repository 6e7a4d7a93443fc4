import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realOutputFiles } from '@slipway/adapters';
import { PublishedSet } from '@slipway/testing';
import type { Asking } from '../services.ts';
import { releaseSign } from './release-sign.ts';
import { releaseVerify } from './release-verify.ts';

let parent: string;
let set: PublishedSet;
const asking = (...args: string[]) =>
  ({ args, services: { cwd: parent, files: realOutputFiles() } }) as unknown as Asking;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'slipway-set-'));
  set = new PublishedSet(join(parent, 'set'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('release verify prints a line for each check, and a summary', async () => {
  const whole = await releaseVerify(asking('set'));
  expect([whole.exit, whole.lines.at(-1)]).toEqual(['done', '17 checks passed']);
  rmSync(set.at('program'));
  const spoilt = await releaseVerify(asking('set'));
  expect(spoilt.exit).toBe('verification');
  expect(spoilt.lines).toContain('WRONG   program (sha256): it is missing');
});

test('release sign refuses to sign a set that fails its checks', async () => {
  rmSync(set.at('program'));
  expect((await releaseSign(asking('set', 'key.pem'))).exit).toBe('verification');
  expect(existsSync(join(parent, 'key.pem'))).toBe(false);
  expect(existsSync(set.at('provenance.sigstore.json'))).toBe(false);
});

test('release verify and release sign refuse extra words', async () => {
  await expect(releaseVerify(asking())).rejects.toThrow('BAD_USAGE');
  await expect(releaseVerify(asking('a', 'b', 'c'))).rejects.toThrow('BAD_USAGE');
  await expect(releaseSign(asking('set'))).rejects.toThrow('BAD_USAGE');
});
