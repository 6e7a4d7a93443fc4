import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findProgram, goSettings, inheritedEnvironment, withDefaults } from './environment.ts';
import { writtenTree } from './fixtures/written-tree.ts';
import { openDisk } from './disk.ts';

test('steps inherit only the variables of the table, and Go reads no other settings', () => {
  const environment = {
    PATH: '/bin',
    CGO_CFLAGS: '-O2',
    GOFLAGS: '',
    GOENV: '/elsewhere',
    https_proxy: 'x',
    GIT_DIR: '.git',
    KUBE_VERBOSE: '9',
    LANG: 'de',
    GOROOT: '/old',
    GOOS: 'plan9',
    SECRET: 's',
    HOME: undefined,
  };
  expect(inheritedEnvironment(environment)).toEqual({
    CGO_CFLAGS: '-O2',
    GIT_OPTIONAL_LOCKS: '0',
    GOENV: 'off',
    GOFLAGS: '',
    PATH: '/bin',
    https_proxy: 'x',
  });
});

test("an empty or missing variable has its value from Go's env file, and a word after the target overrides both", () => {
  using tree = writtenTree({ env: '# of go env -w\nGOFLAGS=-race\nGOWORK=off\nCC=clang -x=y\nGOPROXY=\n' });
  const environment = { GOENV: `${tree.root}/env`, CC: '', GOWORK: '/a/go.work' };
  expect(goSettings(openDisk(), environment, { GOFLAGS: '-v', WHAT: 'cmd/a' })).toEqual({
    ...environment,
    CC: 'clang -x=y',
    GOFLAGS: '-v',
  });
  expect(goSettings(openDisk(), { ...environment, GOENV: 'off' }, {})).toEqual({ ...environment, GOENV: 'off' });
});

test("of GOROOT's go.env only variables that change bytes are inherited, because Go reads the rest there", () => {
  const defaults = { GOAMD64: 'v2', GOPROXY: 'direct', CC: 'clang' };
  expect(withDefaults({ CC: 'gcc' }, defaults)).toEqual({ CC: 'gcc', GOAMD64: 'v2' });
});

test('findProgram returns the first executable file', () => {
  using tree = writtenTree({ 'a/tool': '', 'b/tool': '' });
  chmodSync(`${tree.root}/b/tool`, 0o755);
  const environment = { PATH: `${tree.root}/a:${tree.root}/b` };
  expect(findProgram('tool', environment)).toBe(`${tree.root}/b/tool`);
  expect(findProgram(`${tree.root}/b/tool`, {})).toBe(`${tree.root}/b/tool`);
  expect(findProgram('absent', environment)).toBeUndefined();
});
