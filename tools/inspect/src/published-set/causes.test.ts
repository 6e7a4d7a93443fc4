import { describe, expect, test } from 'vitest';
import type { Difference, FileComparison } from '../compare/comparison.ts';
import { causesOf } from './causes.ts';

const different = (...differences: Difference[]): FileComparison => ({ is: 'different', path: 'x', differences });
const linked: Difference = {
  kind: 'build-id',
  a: 'a',
  b: 'b',
  says: 'the main package was compiled the same; linker flags, stamps, the toolchain or other packages differ',
};
const compiled: Difference = { kind: 'build-id', a: 'a', b: 'b', says: 'the main package was compiled to other bytes' };
const section = (a: string, b: string): Difference => ({
  kind: 'section',
  name: '.debug_line',
  a: 9,
  b: 9,
  first: { offset: 1, text: { a, b } },
});
const setting = (name: string, a?: string, b?: string): Difference => ({ kind: 'setting', name, a, b });

describe('the cause of', () => {
  const cases: Readonly<Record<string, { readonly file: FileComparison; readonly is: readonly string[] }>> = {
    'another stamp': {
      file: different(linked, section('v1.2.3 go', 'v1.2.4 go')),
      is: ['another stamp, or other linker flags'],
    },
    'another source': { file: different(compiled), is: ['another source, or other compiler flags'] },
    'another directory': {
      file: different(section('/a/tree/src/main.go', '/b/tree/src/main.go')),
      is: ['built in another directory'],
    },
    'a directory that is written down': {
      file: different(
        setting('-trimpath', undefined, 'true'),
        setting('-ldflags', '-s', undefined),
        linked,
        section('/a/b/c', '/b/c/d'),
      ),
      is: ['built without -trimpath, so in another directory'],
    },
    'another patch release of Go': {
      file: different({ kind: 'go-version', a: 'go1.21.7', b: 'go1.21.8' }, linked),
      is: ['another patch release of Go (go1.21.7, not go1.21.8)'],
    },
    'another Go': {
      file: different({ kind: 'go-version', a: 'go1.21.7', b: 'go1.22.0' }),
      is: ['another Go (go1.21.7, not go1.22.0)'],
    },
    'other modules': {
      file: different({ kind: 'module', name: 'm', a: 'v1', b: 'v2' }, compiled),
      is: ['another version of m'],
    },
    'a sum that follows': {
      file: different({ kind: 'text', line: 3, a: `"${'a'.repeat(64)}"`, b: `"${'b'.repeat(64)}"` }),
      is: ['follows from what it lists'],
    },
    'bytes alone': { file: different({ kind: 'bytes', offset: 9 }), is: ['unknown: only the bytes tell'] },
    'a member more': { file: { is: 'only-in-b', path: 'x', size: 1 }, is: ['x is packed on one side only'] },
    'what is in an archive in an archive': {
      file: {
        ...different(),
        members: [{ ...different(), members: [different(compiled), different(compiled)] }],
      } as FileComparison,
      is: ['another source, or other compiler flags'],
    },
    nothing: { file: { is: 'identical', path: 'x', size: 1, sha256: '' }, is: [] },
  };
  test.each(Object.entries(cases))('%s', (_name, { file, is }) => expect(causesOf(file)).toEqual(is));
});
