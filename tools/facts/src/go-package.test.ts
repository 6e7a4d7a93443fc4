import { execFileSync, spawnSync } from 'node:child_process';
import { type Platform, packageIn } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { mainGo, writtenTree } from './fixtures/written-tree.ts';
import { openDisk } from './disk.ts';
import { findPackages, mainFiles, parsePackageClause, readPackageKind } from './go-package.ts';

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

const libraryGo = 'package lib\n';
const withConstraint = (constraint: string, text = mainGo): string => `//go:build ${constraint}\n\n${text}`;

/**
 * Directories of one module, with all kinds of packages and constraints.
 */
const shapes: Readonly<Record<string, string>> = {
  'plain/main.go': mainGo,
  'library/lib.go': libraryGo,
  'windows/a_windows.go': mainGo,
  'both/a_linux.go': mainGo,
  'both/b.go': withConstraint('!linux'),
  'library-on-linux/a_linux.go': libraryGo,
  'library-on-linux/b.go': withConstraint('!linux'),
  'generate/gen.go': withConstraint('generate'),
  'generate/main.go': mainGo,
  'generate-library/gen.go': withConstraint('generate'),
  'generate-library/lib.go': libraryGo,
  'mage/magefile.go': withConstraint('mage'),
  'tools/a.go': withConstraint('tools', 'package tools\n'),
  'tools/main.go': mainGo,
  'documentation/a.go': 'package documentation\n',
  'documentation/main.go': mainGo,
  'ignored/a.go': withConstraint('ignore', libraryGo),
  'ignored/main.go': mainGo,
  'older/a.go': `// +build windows darwin\n\n${libraryGo}`,
  'older/b.go': `// +build !windows,!darwin\n\n${mainGo}`,
  'mixed/a.go': mainGo,
  'mixed/b.go': libraryGo,
  'mixed-on-windows/a.go': mainGo,
  'mixed-on-windows/b_windows.go': libraryGo,
  'arm/a_linux_arm64.go': mainGo,
  'unix/a.go': withConstraint('unix'),
  'tests/a_test.go': mainGo,
};

const why = spawnSync('go', ['version']).status === 0 ? undefined : 'no go is on PATH to be asked';

test.for(['linux/amd64', 'linux/arm64', 'windows/amd64', 'darwin/arm64'] as Platform[])(
  'a directory is a command on %s exactly if go list says so',
  { skip: why !== undefined, meta: { why } },
  (platform) => {
    using tree = writtenTree({ 'go.mod': 'module m\n\ngo 1.20\n', ...shapes });
    const [GOOS, GOARCH] = platform.split('/');
    const format = '{{if not .Error}}{{if .GoFiles}}{{.Name}} {{.ImportPath}}{{end}}{{end}}';
    const said = execFileSync('go', ['list', '-e', '-f', format, './...'], {
      cwd: tree.root,
      env: { ...process.env, GOOS, GOARCH, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
      encoding: 'utf8',
    });
    const commands = said.split('\n').flatMap((line) => /^main m\/(.*)$/.exec(line)?.[1] ?? []);
    const names = [...new Set(Object.keys(shapes).map((path) => path.split('/')[0]!))].sort();
    const found = names.filter(
      (name) => packageIn(mainFiles(openDisk(), `${tree.root}/${name}`), { platform, tags: [] }) === 'command',
    );
    expect(found).toEqual(commands.sort());
  },
);

test('findPackages searches the same directories as Go', () => {
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
