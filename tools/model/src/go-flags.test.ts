import { execFileSync } from 'node:child_process';
import { goCommand } from '@slipway/testing';
import { describe, expect, test } from 'vitest';
import {
  formatGoFlag,
  goBuildFlags,
  goTagsOf,
  isGoFlagOn,
  lastGoFlag,
  parseGoFlags,
  splitGoFlags,
  splitQuoted,
} from './go-flags.ts';

/** Flags of Go that its help does not explain: -o and -i of `go build`, and its internal debugging flags. */
const unexplained = ['o', 'i', 'debug-actiongraph', 'debug-runtime-trace', 'debug-trace'];

test('the table has all flags of this Go, each with its kind', () => {
  const help = execFileSync(goCommand(), ['help', 'build'], { encoding: 'utf8' });
  const explained = [...help.matchAll(/^\t-(\S+)(?: (.+))?$/gm)].map(([, name, value]) => [
    name!,
    value === undefined ? 'boolean' : 'value',
  ]);
  const table = Object.entries(goBuildFlags).filter(([name]) => !unexplained.includes(name));
  expect(Object.fromEntries(table)).toEqual(Object.fromEntries(explained));
});

test.each([
  ['-tags=a', '-tags=a'],
  ['--tags=a', '-tags=a'],
  ['-tags a', '-tags=a'],
  ['--tags a', '-tags=a'],
  ['-race', '-race'],
  ['--race=1', '-race'],
  ['-race=F', '-race=false'],
  ['-buildvcs=auto', '-buildvcs=auto'],
  ['-ldflags=-X=a.b=c', '-ldflags=-X=a.b=c'],
  ['-C there', '-C=there'],
])('%s of a command line is %s', (text, meant) => {
  const { flags, rest } = splitGoFlags(['cmd/a', ...text.split(' '), 'cmd/b']);
  expect(flags.map(formatGoFlag)).toEqual([meant]);
  expect(rest).toEqual(['cmd/a', 'cmd/b']);
});

test('an unknown flag is kept and marked, and does not consume the next word', () => {
  expect(splitGoFlags(['-nosuch', 'cmd/a', '-count=1'])).toEqual({
    flags: [
      { name: 'nosuch', value: '', known: false },
      { name: 'count', value: '1', known: false },
    ],
    rest: ['cmd/a'],
  });
});

test('flags of GOFLAGS come first and do not consume the next word', () => {
  const flags = parseGoFlags({ goFlags: '-mod=mod -tags x "-ldflags=-s -w"', words: ['build', '-mod', 'vendor'] });
  expect(flags.map(({ name, value }) => [name, value])).toEqual([
    ['mod', 'mod'],
    ['tags', ''],
    ['ldflags', '-s -w'],
    ['mod', 'vendor'],
  ]);
  expect(lastGoFlag(flags, 'mod')).toBe('vendor');
  expect(lastGoFlag(flags, 'overlay')).toBeUndefined();
  expect(isGoFlagOn(parseGoFlags({ goFlags: '-race', words: ['-race=0'] }), 'race')).toBe(false);
});

test.each([
  ['-tags=a,b', ['a', 'b']],
  ['-tags=a,,b,', ['a', 'b']],
  ["'-tags=a b'", ['a', 'b']],
  [`"-tags='a' b"`, ['a', 'b']],
  ['-tags=a -tags=b', ['b']],
  ['-tags=', []],
  ['', []],
])('the tags of %s', (goFlags, tags) => {
  expect(goTagsOf(parseGoFlags({ goFlags }))).toEqual(tags);
});

describe('slipway splits words as Go does', () => {
  test.each([
    [` a\t'b c'  "d 'e" `, ['a', 'b c', "d 'e"]],
    [`-x='a b'`, [`-x='a`, `b'`]],
    [`'a'b`, ['a', 'b']],
    [`''`, ['']],
    [`a 'b c`, ['a', "'b c"]],
    ['', []],
  ])('%s', (text, words) => {
    expect(splitQuoted(text)).toEqual(words);
  });

  test('formatted flags mean the same to Go', () => {
    const asked = (goFlags: string): string => {
      const env = { ...process.env, GOFLAGS: goFlags, GOENV: 'off' };
      const args = ['list', '-e', '-f', '{{context.BuildTags}}', 'unsafe'];
      return execFileSync(goCommand(), args, { env, encoding: 'utf8' }).trim();
    };
    const spellings = ['--tags=a,b', `'-tags=a b'`, `-race "--tags=a 'b'"`, '-tags=x -tags=a,b', '-count=1 -tags=a,,b'];
    for (const goFlags of spellings)
      expect([goFlags, asked(goFlags)]).toEqual([goFlags, `[${goTagsOf(parseGoFlags({ goFlags })).join(' ')}]`]);
  });
});
