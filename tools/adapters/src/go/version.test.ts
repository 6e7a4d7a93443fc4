import { expect, test } from 'vitest';
import { compareGoVersions, parseGoVersion, releaseOf } from './version.ts';

test("versions sort in Go's order", () => {
  const ordered = [
    'nonsense',
    'go1.9',
    '1.19.8',
    '1.20rc1',
    'go1.20',
    '1.20.1',
    '1.21',
    '1.21beta1',
    '1.21rc2',
    'go1.21.0',
    '1.21.7',
    '1.22rc1',
    '1.26.8',
    '2.0.0',
    'devel go1.23-abcdef',
  ];
  expect(ordered.toReversed().sort(compareGoVersions)).toEqual(ordered);
});

test.each([
  ['go1.20', '1.20.0'],
  ['go1.21.7', '1.21.7'],
  ['go1.21.7 X:boringcrypto', '1.21.7'],
  ['go1.21.7-vendor2', '1.21.7'],
])('%s is as old as %s', (a, b) => expect(compareGoVersions(a, b)).toBe(0));

test.each(['', 'go', 'v1.21', '1.21.x', 'go1.21.7.1', '1.2.3rc'])('%j is not a version', (text) =>
  expect(parseGoVersion(text)).toBeUndefined(),
);

test("a version manager's development version is newest", () => {
  expect(parseGoVersion('devel +a1b2c3 Mon Jan 1')).toMatchObject({ devel: true });
  expect(compareGoVersions('devel +a1b2c3 Mon Jan 1', '1.26.8')).toBeGreaterThan(0);
});

test.each([
  ['1.21', '1.21.0'],
  ['go1.21', '1.21.0'],
  ['1.20', '1.20'],
  ['1.21rc2', '1.21rc2'],
  ['go1.21.7', '1.21.7'],
])('%s is released as %s', (version, release) => expect(releaseOf(version)).toBe(release));
