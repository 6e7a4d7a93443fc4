import { expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import { type CommandLine, parseArguments } from './parse-arguments.ts';

const failures = (...argv: readonly string[]): string[] => {
  try {
    parseArguments(argv, {});
    return [];
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return error.failures.map(({ code }) => code);
  }
};
const what = ({ variables }: CommandLine): string | undefined => variables['WHAT'];

test('TESTS adds to WHAT for targets of tests, as in make, and has no effect on others', () => {
  expect(what(parseArguments(['test', 'WHAT=./a', 'TESTS=./b ./c'], {}))).toBe('./a ./b ./c');
  expect(what(parseArguments(['check', '//d'], { WHAT: './a', TESTS: './b' }))).toContain('./b');
  expect(what(parseArguments(['all'], { TESTS: './b' }))).toBeUndefined();
});

test('only the flags of test select tests', () => {
  const { testing, failed } = parseArguments(
    ['test', '--run', 'A|B', '--skip=C', '--shard', '2/5', '--failed', '--runs-per-test', '3', '--flaky-attempts', '2'],
    {},
  );
  expect(testing).toEqual({ run: 'A|B', skip: 'C', shard: { nth: 2, of: 5 }, runs: 3, attempts: 2 });
  expect(failed).toBe(true);
  expect(failures('all', '--run', 'A')).toEqual(['BAD_USAGE']);
  expect(failures('test', '--shard', '3/2')).toEqual(['BAD_VALUE']);
  expect(failures('test', '--shard', '2')).toEqual(['BAD_VALUE']);
  expect(failures('test', '--flaky-attempts', '0')).toEqual(['BAD_VALUE']);
  expect(failures('test', '--affected')).toEqual(['BAD_USAGE']);
  expect(failures('test', '--affected', '--base', 'main')).toEqual([]);
});

test('a variable that other programs use too is ignored if its value is not valid here', () => {
  expect(parseArguments(['test'], { PARALLEL: 'yes' }).variables['PARALLEL']).toBeUndefined();
  expect(failures('test', 'PARALLEL=yes')).toEqual(['BAD_VALUE']);
});

test.each([
  [['help', '--profile', '-k'], { words: ['help', 'profile', 'keep-going'] }],
  [['-V'], { words: ['version'] }],
  [['--version'], { words: ['version'] }],
  [['-j'], { jobs: Number.MAX_SAFE_INTEGER }],
  [['-j', '3'], { jobs: 3 }],
])('%j is read as meant', (argv, expected) => {
  expect(parseArguments(argv, {})).toMatchObject(expected);
});

test.each([['-j0'], ['-jzero'], ['--jobs=0']])('%s is refused', (word) => {
  expect(() => parseArguments(['all', word], {})).toThrow(/BAD_VALUE: .*(?:-j|--jobs)/);
});
