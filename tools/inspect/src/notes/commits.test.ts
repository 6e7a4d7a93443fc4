import { describe, expect, test } from 'vitest';
import { parseLog } from './commits.ts';
import { readTag, tagPattern } from './module-tags.ts';

const log = (message: string, files = '\n\0a.go\0b/c.go\0'): string =>
  `\u0001abc\u0002p1 p2\u0002Ann\u0002${message}\n\u0002${files}`;

describe('a commit', () => {
  const cases: Readonly<Record<string, { readonly message: string; readonly is: object }>> = {
    'by its subject': {
      message: 'kubelet: wait longer',
      is: { title: 'kubelet: wait longer', kind: undefined, breaking: false },
    },
    'by conventional words': { message: 'fix(api): wait', is: { title: 'wait', kind: 'bug', breaking: false } },
    'that breaks': { message: 'feat!: gone', is: { title: 'gone', kind: 'feature', breaking: true } },
    'that breaks, by its trailer': {
      message: 'gone\n\nBREAKING-CHANGE: no more',
      is: { title: 'gone', kind: undefined, breaking: true },
    },
    "by Kubernetes' words": { message: 'wait\n\ntext\n/kind bug', is: { title: 'wait', kind: 'bug', breaking: false } },
    'by its trailers': {
      message: 'fix: x\n\nRelease-note: It waits now.\nKind: feature',
      is: { title: 'It waits now.', kind: 'feature', breaking: false },
    },
  };
  test.each(Object.entries(cases))('%s', (_name, { message, is }) =>
    expect(parseLog(log(message))).toEqual([
      {
        hash: 'abc',
        parents: ['p1', 'p2'],
        authors: ['Ann'],
        pull: undefined,
        isUntold: false,
        files: ['a.go', 'b/c.go'],
        ...is,
      },
    ]),
  );
  test.each([
    ['kubelet: wait (#12)', { title: 'kubelet: wait', pull: 12 }],
    ['fix(api): wait (#7)', { title: 'wait', kind: 'bug', pull: 7 }],
    [
      'Merge pull request #34 from ann/branch\n\nWait longer\n\n/kind bug',
      { title: 'Wait longer', pull: 34, kind: 'bug' },
    ],
    ['x\n\n```release-note\nIt waits\nlonger.\n```\n', { title: 'It waits longer.', isUntold: false }],
    ['x\n\n```release-note\nNONE\n```', { title: 'x', isUntold: true }],
    ['x\n\nCo-authored-by: Bob B <b@example.org>', { authors: ['Ann', 'Bob B'] }],
  ])('%j says its pull request, its note and who wrote it', (message, is) =>
    expect(parseLog(log(message))).toMatchObject([is]),
  );

  test('none, and two', () => {
    expect(parseLog('')).toEqual([]);
    expect(parseLog(log('one', '') + log('two')).map(({ title, files }) => [title, files.length])).toEqual([
      ['one', 0],
      ['two', 2],
    ]);
  });
});

test.each([
  ['v1.2.3', '.', 'v[0-9]*'],
  ['v1.2.3-rc.1', '.', 'v[0-9]*'],
  ['staging/src/x/v0.1.0', 'staging/src/x', 'staging/src/x/v[0-9]*'],
  ['staging/src/y/v0.1.0', undefined, undefined],
  ['main', undefined, undefined],
  ['release-1.2', undefined, undefined],
])('the tag %s is of the module in %s', (tag, dir, pattern) => {
  const found = readTag(tag, [
    { path: 'm', dir: '.' },
    { path: 'x', dir: 'staging/src/x' },
  ]);
  expect([found?.dir, found && tagPattern(found)]).toEqual([dir, pattern]);
});
