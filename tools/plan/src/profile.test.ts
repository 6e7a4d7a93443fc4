import type { Profile, Tree } from '@slipway/model';
import { factsOf, scriptTree } from '@slipway/testing';
import { expect, test } from 'vitest';
import { joinToolFlags } from './given-flags.ts';
import { outputNames } from './names.ts';
import { profileCall } from './profile.ts';

interface Case {
  readonly profile?: Profile;
  readonly tree?: Partial<Tree>;
  readonly flags?: string;
  readonly moduleDir?: string;
}

// Go 1.21 writes the sums of vendored modules into a binary if the module cache contains them; 1.26 does not.
test.each<[string, Case, boolean]>([
  ['vendor/ is what Go takes by itself', {}, true],
  ['for a release, too', { profile: 'release' }, true],
  ["but not for the tree's own bytes", { profile: 'make' }, false],
  ['it is told not to', { flags: '-v -mod=mod' }, false],
  ['the last word holds', { flags: '-mod=mod -mod=vendor' }, true],
  ['the go line is older than that', { tree: { vendorByDefault: false } }, false],
  ['it is told to', { tree: { vendorByDefault: false }, flags: '-mod=vendor' }, true],
  ['a module of staging/ has no vendor/', { moduleDir: 'staging/src/a' }, false],
  ['there are no modules', { tree: { moduleMode: 'gopath' } }, false],
])('a module cache that stays empty: %s', (_why, { profile = 'dev', tree = {}, flags, moduleDir = '.' }, empty) => {
  const variables = flags === undefined ? {} : { GOFLAGS: flags };
  const facts = factsOf(scriptTree(tree));
  const names = outputNames(variables);
  const { env } = profileCall(profile, 'static', { facts, names, variables, stamps: '', moduleDir });
  expect(env['GOMODCACHE']?.endsWith('/local/no-modules') ?? false).toBe(empty);
});

const ldflagsOf = (flags: readonly string[]): string[] => flags.filter((flag) => /^-(?:ld|gc)flags=/.test(flag));

test.each<[string, Profile, string, string[]]>([
  ['those of the linker come after ours', 'dev', "'-ldflags=-X=main.a=1 -v' -v", ['-ldflags=-s -w -X=main.a=1 -v']],
  [
    'the last of them holds, as Go has it',
    'release',
    '-ldflags=-v -ldflags=-X=main.a=2',
    ['-ldflags=-s -w -X=main.a=2'],
  ],
  ['those for other packages stay apart', 'dev', '-ldflags=all=-v', ['-ldflags=-s -w', '-ldflags=all=-v']],
  ['what we do not say is for Go to read', 'dev', '-gcflags=-m', ['-ldflags=-s -w']],
  ["the tree's own call has the scripts' alone", 'make', '-ldflags=-v', ['-ldflags=-s -w']],
])('flags of GOFLAGS that ours would hide: %s', (_what, profile, GOFLAGS, flags) => {
  const call = { argv: ['install', '-ldflags=-s -w'], env: {} };
  const facts = factsOf(scriptTree({ invocations: { static: call, cgo: call, test: call } }));
  const context = { facts, names: outputNames({}), variables: { GOFLAGS }, stamps: '', moduleDir: '.' };
  expect(ldflagsOf(profileCall(profile, 'static', context).flags)).toEqual(flags);
});

test("flags of WHAT come after slipway's flags if they would override them", () => {
  expect(joinToolFlags(['-v', '-ldflags=-s -X=a.b=c'], ['-ldflags', '-X=main.a=1', '-gcflags=-m', '-race'])).toEqual([
    ['-v', '-ldflags=-s -X=a.b=c -X=main.a=1'],
    ['-gcflags=-m', '-race'],
  ]);
});
