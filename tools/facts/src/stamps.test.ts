import { expect, test } from 'vitest';
import { parseStamps, stampsFor } from './stamps.ts';

test.each<[string, string[] | undefined]>([
  ['', []],
  ["-X 'a/b.gitVersion=@gitVersion@'", ["gitVersion -X 'a/b.gitVersion=@gitVersion@'"]],
  [
    '-X a.gitCommit=@gitCommit@ -X "b.buildDate=@buildDate@"',
    ['gitCommit -X a.gitCommit=@gitCommit@', 'buildDate -X "b.buildDate=@buildDate@"'],
  ],
  [
    "-X 'a.date=@buildDate@' -X 'a.by=slipway inc'",
    ["buildDate -X 'a.date=@buildDate@'", "buildDate -X 'a.by=slipway inc'"],
  ],
  ['-X=a.gitMajor=@gitMajor@\n', ['gitMajor -X=a.gitMajor=@gitMajor@']],
  ["-X 'a.b=@gitVersion@'  -X 'a.c=@gitMinor@'", undefined],
  ["-X 'never closed", undefined],
  ['-s -w', undefined],
  ['+++ a message', undefined],
])('parseStamps %j', (text, expected) => {
  expect(parseStamps(text)?.map(({ name, flag }) => `${name} ${flag}`)).toEqual(expected);
});

test('stampsFor is sorted by name, and leaves out variables that a package does not have', () => {
  const packages = [
    { importPath: 'x/version', variables: ['buildDate', 'gitVersion'] as const },
    { importPath: 'y/version', variables: ['gitVersion'] as const },
  ];
  expect(stampsFor(packages).map(({ flag }) => flag)).toEqual([
    "-X 'x/version.buildDate=@buildDate@'",
    "-X 'x/version.gitVersion=@gitVersion@'",
    "-X 'y/version.gitVersion=@gitVersion@'",
  ]);
});
