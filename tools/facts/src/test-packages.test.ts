import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform, Tree } from '@slipway/model';
import { readTests } from './test-packages.ts';
import { type Rooted, openDisk } from './disk.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-test-packages-')));

const files: Readonly<Record<string, string>> = {
  'go.mod': 'module example.org/m\n',
  'cmd/a/main.go': 'package main\n',
  'cmd/a/main_test.go': 'package main\n',
  'pkg/b/b.go': 'package b\n',
  'pkg/b/b_test.go': 'package b_test\n',
  'pkg/b/c/c_test.go': 'package c\n',
  'pkg/none/none.go': 'package none\n',
  'pkg/windows/w.go': 'package windows\n',
  'pkg/windows/w_windows_test.go': 'package windows\n',
  'pkg/tagged/t.go': 'package tagged\n',
  'pkg/tagged/t_test.go': '//go:build slow\n\npackage tagged\n',
  'pkg/testdata/x_test.go': 'package x\n',
  'test/integration/i_test.go': 'package integration\n',
  'other/go.mod': 'module example.org/other\n',
  'other/o_test.go': 'package other\n',
};

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tree = {
  root,
  moduleMode: 'module',
  goPackage: 'example.org/m',
  modules: [
    { path: 'example.org/m', dir: '.' },
    { path: 'example.org/other', dir: 'other', apart: true },
  ],
  integration: { packages: ['test/integration'], sets: [] },
  disk: openDisk(),
} as unknown as Tree & Rooted;

const dirs = (words: readonly string[], tags: readonly string[] = []): string[] =>
  readTests(tree, words, { platform: 'linux/amd64' as Platform, tags }).packages.map(({ dir }) => dir);

describe('the packages with tests', () => {
  test('without words are those of all modules, except integration tests and packages that the platform excludes', () => {
    expect(dirs([])).toEqual(['cmd/a', 'other', 'pkg/b', 'pkg/b/c']);
  });

  test('are found by directory, pattern, import path, label and module, each once', () => {
    expect(dirs(['pkg/b'])).toEqual(['pkg/b']);
    expect(dirs(['./pkg/b/'])).toEqual(['pkg/b']);
    expect(dirs(['./pkg/...', 'pkg/b'])).toEqual(['pkg/b', 'pkg/b/c']);
    expect(dirs(['example.org/m/pkg/b/c'])).toEqual(['pkg/b/c']);
    expect(dirs(['example.org/m/pkg/...'])).toEqual(['pkg/b', 'pkg/b/c']);
    expect(dirs(['example.org/other/...'])).toEqual(['other']);
    expect(dirs(['//pkg/b:b.test'])).toEqual(['pkg/b']);
    expect(dirs(['//...', '-//pkg/b/...'])).toEqual(['cmd/a', 'other', 'test/integration']);
  });

  test('include those with the given build tags', () => {
    expect(dirs(['pkg/tagged'], ['slow'])).toEqual(['pkg/tagged']);
    expect(
      readTests(tree, ['pkg/tagged', 'pkg/none'], { platform: 'linux/amd64' as Platform, tags: [] }),
    ).toMatchObject({
      packages: [],
      untested: ['pkg/tagged', 'pkg/none'],
    });
  });

  test('are none for an unknown word, and slipway reports the nearest directory', () => {
    expect(readTests(tree, ['pgk/...'], { platform: 'linux/amd64' as Platform, tags: [] }).unknown).toEqual([
      { word: 'pgk/...', nearest: 'pkg' },
    ]);
  });
});
