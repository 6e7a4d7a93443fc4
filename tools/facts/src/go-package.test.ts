import { describe, expect, test } from 'vitest';
import { mainGo, writtenTree } from './fixtures/written-tree.ts';
import { findPackages, parsePackageClause, readPackageKind } from './go-package.ts';
import { openDisk } from './disk.ts';

describe('parsePackageClause', () => {
  test.each([
    ['package main\n', { name: 'main' }],
    ['\uFEFFpackage main', { name: 'main' }],
    ['// Copyright\n\n/* package other */ package lib // x\n', { name: 'lib' }],
    ['//go:build linux && !cgo\n\npackage main\n', { name: 'main', constraint: 'linux && !cgo' }],
    ['// +build a,!b c\n// +build d\n\npackage main\n', { name: 'main', constraint: '(a && !b || c) && (d)' }],
    ['// +build ignore\npackage main\n', { name: 'main' }],
    ['//go:build ignore\n\npackage main\n', 'ignored'],
    ['// +build ignore\n\npackage main\n', 'ignored'],
    ['//go:build ignore_not\n\npackage main\n', { name: 'main', constraint: 'ignore_not' }],
    ['/* never closed\npackage main\n', 'incomplete'],
    ['// only a comment', 'incomplete'],
    ['', 'incomplete'],
    ['package größe\n', { name: 'größe' }],
  ])('%j', (text, expected) => {
    expect(parsePackageClause(text)).toEqual(expected);
  });
});

describe('readPackageKind', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a main package', { 'd/main.go': mainGo }, 'main'],
    ['a library', { 'd/lib.go': 'package d\n' }, 'library'],
    ['tests alone', { 'd/d_test.go': 'package d\n' }, 'tests'],
    ['no Go', { 'd/README.md': 'package main\n' }, 'none'],
    [
      'a file no build takes beside a library',
      { 'd/gen.go': `//go:build ignore\n\n${mainGo}`, 'd/lib.go': 'package d\n' },
      'library',
    ],
    ['names Go passes over', { 'd/_x.go': mainGo, 'd/.y.go': mainGo }, 'none'],
    ['a clause behind a very long comment', { 'd/main.go': `/*${'x'.repeat(20_000)}*/\n${mainGo}` }, 'main'],
    ['a clause cut by the end of the head', { 'd/main.go': `/*${'x'.repeat(8_175)}*/\npackage mainly\n` }, 'library'],
  ])('%s', (_what, files, expected) => {
    using tree = writtenTree(files);
    expect(readPackageKind(openDisk(), `${tree.root}/d`)).toBe(expected);
  });
});

test('findPackages looks where Go does', () => {
  using tree = writtenTree({
    'a/main.go': mainGo,
    'a/b/lib.go': 'package b\n',
    'a/testdata/main.go': mainGo,
    'a/vendor/x/main.go': mainGo,
    'a/_c/main.go': mainGo,
    'a/.d/main.go': mainGo,
    'a/e/f/g/main.go': mainGo,
  });
  expect(findPackages(`${tree.root}/a`, { disk: openDisk() }).map(({ below, kind }) => `${below} ${kind}`)).toEqual([
    ' main',
    'b library',
    'e/f/g main',
  ]);
  expect(findPackages(`${tree.root}/a`, { disk: openDisk(), depth: 1 }).map(({ below }) => below)).toEqual(['', 'b']);
});
