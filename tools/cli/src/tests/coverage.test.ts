import { expect, test } from 'vitest';
import { formatCobertura } from './cobertura.ts';
import { formatProfile, formatTotal, mergeProfiles } from './coverage.ts';

const one = 'mode: set\nm/a/a.go:3.13,5.2 2 1\nm/a/a.go:7.1,7.9 1 0\n';
const other = 'mode: set\nm/a/a.go:7.1,7.9 1 1\nm/b/b.go:1.1,2.2 3 0\n';

test("merged profiles have Go's format, and a block counts as run if any profile ran it", () => {
  const merged = mergeProfiles([one, other, '']);
  expect(formatProfile(merged)).toBe('mode: set\nm/a/a.go:3.13,5.2 2 1\nm/a/a.go:7.1,7.9 1 1\nm/b/b.go:1.1,2.2 3 0\n');
  expect(formatTotal(merged)).toBe('50.0% of 6 statements');
});

test('counters of the same block are added', () => {
  const counted = (count: number): string => `mode: atomic\nm/a/a.go:3.13,5.2 2 ${count}\n`;
  expect(formatProfile(mergeProfiles([counted(2), counted(40)]))).toBe(counted(42));
});

test('a profile without statements covers none of none', () => {
  expect(formatTotal(mergeProfiles(['mode: set\n']))).toBe('0.0% of 0 statements');
});

test('Cobertura names files by their paths in the tree, and each line once', () => {
  const xml = formatCobertura(mergeProfiles([one, other]), {
    root: '/src/<m>',
    directories: { 'm/a': 'staging/src/m/a' },
    timestamp: 1,
  });
  expect(xml).toContain('<source>/src/&lt;m&gt;</source>');
  expect(xml).toContain('lines-covered="4" lines-valid="6"');
  expect(xml).toContain('<package name="m/a" line-rate="1.0000"');
  expect(xml).toContain('filename="staging/src/m/a/a.go"');
  expect(xml).toContain('filename="m/b/b.go" line-rate="0.0000"');
  expect(xml.match(/<line number="7" hits="1">/g)).toHaveLength(1);
});
