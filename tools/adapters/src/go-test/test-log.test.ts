import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { parseTestLog } from './test-log.ts';

const join = (from: string, to: string): string => posix.resolve(from, to);

test('files that a test asks for have absolute paths, also after a change of directory', () => {
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
])('a log that %s has no result', (_, log) => {
  expect(parseTestLog(log, '/src', join)).toBeUndefined();
});
