import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findProgram, inherited, inheritedEnvironment } from './environment.ts';
import { writtenTree } from './fixtures/written-tree.ts';

test('only what the table names is inherited', () => {
  const environment = {
    PATH: '/bin',
    CGO_CFLAGS: '-O2',
    GOFLAGS: '',
    https_proxy: 'x',
    GIT_DIR: '.git',
    KUBE_VERBOSE: '9',
    LANG: 'de',
    GOROOT: '/old',
    SECRET: 's',
    HOME: undefined,
  };
  expect(inheritedEnvironment(environment)).toEqual({
    CGO_CFLAGS: '-O2',
    GIT_DIR: '.git',
    GOFLAGS: '',
    PATH: '/bin',
    https_proxy: 'x',
  });
});

test('every row has a reason, and no name stands twice', () => {
  const names = inherited.flatMap((row) => row.names);
  expect(new Set(names).size).toBe(names.length);
  expect(inherited.every((row) => row.why !== '')).toBe(true);
});

test('findProgram takes the first file that may be run', () => {
  using tree = writtenTree({ 'a/tool': '', 'b/tool': '' });
  chmodSync(`${tree.root}/b/tool`, 0o755);
  const environment = { PATH: `${tree.root}/a:${tree.root}/b` };
  expect(findProgram('tool', environment)).toBe(`${tree.root}/b/tool`);
  expect(findProgram(`${tree.root}/b/tool`, {})).toBe(`${tree.root}/b/tool`);
  expect(findProgram('absent', environment)).toBeUndefined();
});
