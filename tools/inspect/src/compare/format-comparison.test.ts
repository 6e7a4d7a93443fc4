import { expect, test } from 'vitest';
import type { Comparison, Difference } from './comparison.ts';
import { formatComparison } from './format-comparison.ts';

function linesOf(...differences: readonly Difference[]): string[] {
  const comparison: Comparison = {
    a: '/a',
    b: '/b',
    files: [{ is: 'different', path: 'tool', differences }],
    identical: 0,
    different: 1,
    onlyInA: 0,
    onlyInB: 0,
  };
  return formatComparison(comparison, { a: 'slipway', b: 'make' }).slice(3, -1);
}

test('a short setting is shown in full, and an absent one as absent', () => {
  expect(linesOf({ kind: 'setting', name: 'CGO_ENABLED', a: '0', b: '1' })).toEqual([
    '  build setting CGO_ENABLED: slipway 0, make 1',
  ]);
  expect(linesOf({ kind: 'setting', name: '-trimpath', a: 'true', b: undefined })).toEqual([
    '  build setting -trimpath: slipway true, make (absent)',
  ]);
});

test('an empty setting differs from an absent one', () => {
  expect(linesOf({ kind: 'setting', name: 'CGO_CFLAGS', a: '', b: undefined })).toEqual([
    '  build setting CGO_CFLAGS: slipway (empty), make (absent)',
  ]);
});

test('for a long setting only the different flags are shown', () => {
  const stamps = "-X 'example.org/version.gitMajor=1' -X 'example.org/version.gitCommit=0123456789abcdef'";
  expect(
    linesOf({
      kind: 'setting',
      name: '-ldflags',
      a: `all=${stamps} -X 'example.org/version.buildDate=2024 01' -s -w`,
      b: `all=${stamps} -X 'example.org/version.buildDate=2024 02' -w`,
    }),
  ).toEqual([
    '  build setting -ldflags:',
    "    only slipway  -X 'example.org/version.buildDate=2024 01'",
    '    only slipway  -s',
    "    only make  -X 'example.org/version.buildDate=2024 02'",
  ]);
});

test('a long setting in another order shows both sides', () => {
  const [one, two] = ['-X example.org/version.gitMajor=1', '-X example.org/version.gitMinor=28'];
  expect(linesOf({ kind: 'setting', name: '-ldflags', a: `${one} ${two}`, b: `${two} ${one}` })).toEqual([
    '  build setting -ldflags, in another order:',
    `    slipway  ${one} ${two}`,
    `    make  ${two} ${one}`,
  ]);
});

test('a section shows its sizes, or the place where it begins to differ', () => {
  expect(
    linesOf(
      { kind: 'section', name: '.text', a: 1000, b: 2000 },
      { kind: 'section', name: '.symtab', a: undefined, b: 12_345 },
      { kind: 'section', name: '.rodata', a: 5000, b: 5000, first: { offset: 17, text: { a: 'v1.2.3', b: 'v1.2.4' } } },
      { kind: 'section', name: '.data', a: 50, b: 50, first: { offset: 3 } },
    ),
  ).toEqual([
    '  section .text: slipway 1,000 bytes, make 2,000 bytes',
    '  section .symtab: only in make (12,345 bytes)',
    '  section .rodata: same size, other contents, from byte 17 (5,000 bytes)',
    '    slipway  …v1.2.3…',
    '    make  …v1.2.4…',
    '  section .data: same size, other contents, from byte 3 (50 bytes)',
  ]);
});

test('every other difference has its line', () => {
  expect(
    linesOf(
      { kind: 'platform', a: 'linux/amd64', b: 'linux/arm64' },
      { kind: 'go-version', a: 'go1.21.7', b: 'go1.21.8' },
      { kind: 'main-package', a: 'x/cmd/a', b: 'x/cmd/b' },
      { kind: 'module', name: 'example.org/lib', a: 'v1.0.0', b: 'v1.0.1' },
      { kind: 'build-id', a: 'a/b/c/d', b: 'e/b/c/f', says: 'told in words' },
      { kind: 'damage', side: 'b', fact: 'the file ends within its section headers' },
      { kind: 'size', a: 1, b: 2 },
      { kind: 'bytes', offset: 77 },
    ),
  ).toEqual([
    '  platform: slipway linux/amd64, make linux/arm64',
    '  Go version: slipway go1.21.7, make go1.21.8',
    '  main package: slipway x/cmd/a, make x/cmd/b',
    '  module example.org/lib: slipway v1.0.0, make v1.0.1',
    '  Go build id: told in words',
    '  in make the file ends within its section headers',
    '  size: slipway 1 bytes, make 2 bytes',
    '  bytes differ at offset 77',
  ]);
});
