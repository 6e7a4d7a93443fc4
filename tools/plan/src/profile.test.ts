import type { Profile, Tree } from '@slipway/model';
import { factsOf, scriptTree } from '@slipway/testing';
import { expect, test } from 'vitest';
import { outputNames } from './names.ts';
import { profileCall } from './profile.ts';

interface Case {
  readonly profile?: Profile;
  readonly tree?: Partial<Tree>;
  readonly flags?: string;
  readonly moduleDir?: string;
}

// Go 1.21 writes the sums of those vendored modules into a binary that the module cache has; 1.26 does not.
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
  expect(env['GOMODCACHE']?.endsWith('_output/local/no-modules') ?? false).toBe(empty);
});
