import { expect, test } from 'vitest';
import { parseArguments } from './parse-arguments.ts';
import { requestOf } from './request.ts';

const request = (...argv: string[]) => requestOf(parseArguments(argv, {}));

test('a request lists the words to look up in the tree', () => {
  expect(request('all', 'WHAT=cmd/a pkg/... -race').words).toEqual(['cmd/a', 'pkg/...']);
  expect(request('//cmd/a').words).toEqual(['//cmd/a']);
});

test('a goal that compiles needs generated files if the tree makes them', () => {
  const asked = (...argv: string[]): string => request(...argv).generating;
  expect([asked(), asked('all'), asked('clean', 'all')]).toEqual(Array(3).fill('where the tree makes it'));
  expect([asked('generated_files'), asked('clean'), asked('doctor')]).toEqual(['yes', 'no', 'no']);
});

test('targets of tests, and a release on this machine, need the packages with tests', () => {
  const isTesting = (...argv: string[]): boolean => request(...argv).testing;
  expect([isTesting('test'), isTesting('release', '--without-docker')]).toEqual([true, true]);
  expect([isTesting('all'), isTesting('release')]).toEqual([false, false]);
});
