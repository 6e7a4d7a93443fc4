import { afterEach, expect, test } from 'vitest';
import { goRoot, goRootVariable } from './go-root.ts';

const before = process.env[goRootVariable];
afterEach(() => {
  if (before === undefined) delete process.env[goRootVariable];
  else process.env[goRootVariable] = before;
});

test('the Go that a run of all tests found is not looked for again', () => {
  process.env[goRootVariable] = '/where/it/is';
  expect(goRoot()).toBe('/where/it/is');
});
