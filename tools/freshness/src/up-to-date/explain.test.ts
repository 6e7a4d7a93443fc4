import { describe, expect, test } from 'vitest';
import { explainDifference } from './explain.ts';
import type { KeyParts } from './key.ts';

const before: KeyParts = {
  format: '1',
  name: 'a',
  go: '1.21.7',
  flags: ['build', '-trimpath', "-ldflags=-X 'm/version.gitVersion=v1.2.3-dev' -X 'm/version.gitMajor=1' -s -w"].join(
    '\n',
  ),
  path: 'any',
  'variable GOFLAGS': '-tags=a',
  'file go.mod': 'digest 1',
  'C compiler': 'digest 2',
  'package m/a': 'digest 3',
  'package m/b': 'digest 4',
};

const { 'package m/b': _b, 'variable GOFLAGS': _flags, ...less } = before;

const cases: Readonly<Record<string, { readonly after: KeyParts; readonly says: string }>> = {
  nothing: { after: before, says: '' },
  'a variable, old and new': {
    after: { ...before, 'variable GOFLAGS': '-tags=b' },
    says: 'variable GOFLAGS was -tags=a, is -tags=b',
  },
  'a variable that is new': { after: { ...before, 'variable CC': 'clang' }, says: 'variable CC was not set, is clang' },
  'a version of Go': { after: { ...before, go: '1.22.0' }, says: 'go was 1.21.7, is 1.22.0' },
  'a module file': { after: { ...before, 'file go.mod': 'digest 9' }, says: 'go.mod changed' },
  'a compiler': { after: { ...before, 'C compiler': 'none' }, says: 'C compiler changed' },
  'one stamp of many, old and new': {
    after: { ...before, flags: before['flags']!.replace('v1.2.3', 'v1.3.0') },
    says: "flags: 'm/version.gitVersion=v1.2.3-dev' is gone, 'm/version.gitVersion=v1.3.0-dev' is new",
  },
  'a flag that is new': { after: { ...before, flags: `${before['flags']}\n-race` }, says: 'flags: -race is new' },
  'a flag that is gone': {
    after: { ...before, flags: before['flags']!.replace('-trimpath\n', '') },
    says: 'flags: -trimpath is gone',
  },
  'many flags': {
    after: { ...before, flags: 'build\n-a\n-b\n-c\n-d' },
    says: "flags: -trimpath is gone, -ldflags=-X is gone, 'm/version.gitVersion=v1.2.3-dev' is gone, 'm/version.gitMajor=1' is gone and 6 more",
  },
  'a file': { after: { ...before, 'package m/a': 'digest 9' }, says: 'a/a.go changed' },
  'a package whose file is not known': { after: { ...before, 'package m/b': 'digest 9' }, says: 'package m/b changed' },
  'two packages, the known file first': {
    after: { ...before, 'package m/b': 'digest 8', 'package m/a': 'digest 9' },
    says: 'a/a.go changed, and 1 more package',
  },
  'three packages': {
    after: { ...less, 'variable GOFLAGS': '-tags=a', 'package m/a': 'digest 9', 'package m/c': 'digest 5' },
    says: 'a/a.go changed, and 2 more packages',
  },
  'a package that is new': { after: { ...before, 'package m/c': 'digest 5' }, says: 'package m/c is new' },
  'a package that is gone, and a variable': {
    after: less,
    says: 'variable GOFLAGS was -tags=a, is not set; package m/b is gone',
  },
  'a very long value': { after: { ...before, path: 'x'.repeat(500) }, says: `path was any, is ${'x'.repeat(90)}…` },
};

describe('the difference between two keys', () => {
  test.for(Object.entries(cases))('%s', ([, { after, says }]) => {
    expect(explainDifference(before, after, (importPath) => (importPath === 'm/a' ? 'a/a.go' : undefined))).toBe(says);
  });
});
