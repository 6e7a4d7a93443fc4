import { expect, test } from 'vitest';
import { targets } from './targets.ts';
import { findVariable } from './variables.ts';

test.for(targets)('$name lists each variable once, and only those there are', ({ variables }) => {
  const names: readonly string[] = variables;
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(names.filter((name) => findVariable(name) === undefined)).toEqual([]);
});
