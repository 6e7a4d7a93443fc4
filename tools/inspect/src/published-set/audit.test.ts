import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Plan } from '@slipway/model';
import { outputNames } from '@slipway/plan';
import { PublishedSet } from '@slipway/testing';
import { auditRelease, isGood } from './audit.ts';

const names = outputNames({});
let root: string;
let set: PublishedSet;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-audit-'));
  set = new PublishedSet(join(root, names.releaseTars));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A plan of which only the shipped part is audited. */
const audit = () => {
  const to = `${names.releaseTars}/gated-src.tar.gz`;
  const steps = [
    { kind: 'compress', to },
    { kind: 'checksum', to: `${names.releaseTars}/SHA256SUMS` },
  ];
  const plan = { root, steps } as unknown as Plan;
  return auditRelease({ plan, names }, { keyFile: undefined, signal: new AbortController().signal });
};

test('an audit of a complete set finds nothing', async () => {
  expect(isGood(await audit())).toBe(true);
});

test('an audit reports a missing artifact once', async () => {
  rmSync(set.at('gated-src.tar.gz'));
  const { artifacts, set: findings } = await audit();
  expect(artifacts.map(({ is }) => is)).toEqual(['missing', 'whole']);
  expect(findings).toEqual([]);
});

test('an audit reports a file whose name begins like that of a missing artifact', async () => {
  rmSync(set.at('gated-src.tar.gz'));
  writeFileSync(set.at('gated-src.tar.gz (copy)'), 'x');
  expect((await audit()).set).toContainEqual({
    name: 'gated-src.tar.gz (copy)',
    wrong: 'it is not listed in SHA256SUMS',
  });
});
