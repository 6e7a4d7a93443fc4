import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { parseTestLog } from './test-log.ts';

const join = (from: string, to: string): string => posix.resolve(from, to);

test('the files and variables that a test asks for have absolute names, wherever it changed to', () => {
  const log = '# test log\ngetenv LANG\nopen testdata/a\nstat ../b\nchdir /elsewhere\nopen c\nopen c\n';
  expect(parseTestLog(log, '/src/pkg', join)).toEqual({
    opened: ['/src/pkg/testdata/a', '/elsewhere/c'],
    looked: ['/src/b'],
    variables: ['LANG'],
  });
});

test.each([
  ['is not there', ''],
  ['was cut off', '# test log\nopen testd'],
  ['is of something else', 'open a\n'],
  ['says something unknown', '# test log\nread a\n'],
])('a log that %s tells nothing', (_, log) => {
  expect(parseTestLog(log, '/src', join)).toBeUndefined();
});
