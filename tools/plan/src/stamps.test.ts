import type { StampFlag } from '@slipway/model';
import { factsOf } from '@slipway/testing';
import { describe, expect, test } from 'vitest';
import { stampFlags, stampNotes, stampedVariables, stampedVersion, unstamped } from './stamps.ts';

const version = (profile: 'dev' | 'release' | 'make', variables = {}, facts = factsOf()) => {
  const result = stampedVersion(facts, profile, variables);
  if (!result.ok) throw new Error(result.failure.code);
  return result.version;
};

describe('stampedVersion', () => {
  test('dev knows the nearest tag and nothing that changes with a commit', () => {
    expect(version('dev')).toEqual({
      ...{ gitVersion: 'v1.2.3-dev', gitNumber: '1.2.3-dev', gitMajor: '1', gitMinor: '2+' },
      goVersion: `go${factsOf().toolchain.version}`,
    });
  });

  test("dev uses the tag of a module without the module's path", () => {
    const git = { ...factsOf().git, nearestTag: 'api/v3.6.1' };
    expect(version('dev', {}, factsOf(undefined, { git }))).toMatchObject({ gitVersion: 'v3.6.1-dev' });
  });

  test('dev takes a version given by hand', () => {
    expect(version('dev', { KUBE_GIT_VERSION: 'v3.4.5' })).toMatchObject({
      gitVersion: 'v3.4.5',
      gitMajor: '3',
      gitMinor: '4',
    });
  });

  test('the branch is stamped by release and not by dev, and the Go version and the number by both', () => {
    const facts = factsOf(undefined, { git: { ...factsOf().git, branch: 'release-1.2' } });
    const flags = [said('m.b=@gitBranch@'), said('m.n=@gitNumber@'), said('m.g=@goVersion@')];
    const go = `go${facts.toolchain.version}`;
    expect(stampFlags(flags, version('release', { KUBE_GIT_VERSION: 'v1.2.3' }, facts))).toBe(
      `-X 'm.b=release-1.2' -X 'm.n=1.2.3' -X 'm.g=${go}'`,
    );
    expect(stampFlags(flags, version('dev', {}, facts))).toBe(`-X 'm.n=1.2.3-dev' -X 'm.g=${go}'`);
  });

  test('release is dated by the commit, make by the clock, and SOURCE_DATE_EPOCH beats both', () => {
    expect(version('release').buildDate).toBe('2023-11-14T22:13:20Z');
    expect(version('make').buildDate).toBe('2027-01-15T08:00:00Z');
    expect(version('make', { SOURCE_DATE_EPOCH: '0' }).buildDate).toBe('1970-01-01T00:00:00Z');
    expect(version('release', { SOURCE_DATE_EPOCH: '0' }).buildDate).toBe('1970-01-01T00:00:00Z');
  });
});

test.each([
  ['dev', { shallow: false, installed: false }, 'git is not installed'],
  ['release', { shallow: false }, 'git knows no commit here'],
  ['dev', { shallow: true, commit: 'c' }, 'this clone is shallow'],
  ['release', { shallow: false, commit: 'c' }, 'no tag is reached'],
  ['dev', { shallow: false, commit: 'c' }, undefined],
] as const)('profile %s says of %j: %s', (profile, git, says) => {
  const notes = stampNotes(factsOf(undefined, { git }), profile, {});
  expect(notes.map(({ why }) => why)).toEqual(says === undefined ? [] : [expect.stringContaining(says)]);
  expect(stampNotes(factsOf(undefined, { git }), profile, { gitVersion: 'v1.0.0' })).toEqual([]);
});

test('a release of a tree whose Makefile could not be asked is refused, but a build is allowed', () => {
  const unasked = 'Makefile was not asked how it builds: make is not installed';
  const facts = factsOf({ ...factsOf().tree, unasked });
  const [failure] = unstamped(facts, 'release', version('release'));
  expect(failure).toMatchObject({ code: 'UNSUPPORTED_TREE', fact: expect.stringContaining(unasked) });
  expect(unstamped(facts, 'dev', version('dev'))).toEqual([]);
  expect(unstamped(factsOf(), 'release', version('release'))).toEqual([]);
});

const said = (flag: string, name: StampFlag['name'] = 'text'): StampFlag => ({ name, flag: `-X '${flag}'` });

test('the stamps are listed by variable', () => {
  const flags = [said('x/v.A=@gitVersion@', 'gitVersion'), said('x/v.B=@gitCommit@', 'gitCommit'), said('main.c=beta')];
  expect(stampedVariables(flags, { gitVersion: 'v1' })).toEqual([
    { variable: 'x/v.A', value: 'v1' },
    { variable: 'main.c', value: 'beta' },
  ]);
  expect(stampedVariables([], { gitVersion: 'v1', gitCommit: 'c' })).toEqual([]);
});

test('a text with several values is left out if one is unknown, so that dev stamps nothing that changes with a commit', () => {
  const flags = [said('x.A=@gitVersion@ of @gitShortCommit@', 'gitVersion'), said('x.B=plain')];
  expect(stampFlags(flags, { gitVersion: 'v1' })).toBe("-X 'x.B=plain'");
  expect(stampFlags(flags, { gitVersion: 'v1', gitShortCommit: '0123456' })).toBe(
    "-X 'x.A=v1 of 0123456' -X 'x.B=plain'",
  );
});

test("flags with unknown values are left out, and the order is the tree's", () => {
  const flags = stampFlags(factsOf().tree.stamps, { gitVersion: 'v1.0.0+$&', buildDate: 'D' });
  expect(flags).toBe(
    "-X 'k8s.example/component-base/version.buildDate=D' -X 'k8s.example/component-base/version.gitVersion=v1.0.0+$&'",
  );
});

describe('a variable from the Makefile', () => {
  const flags: StampFlag[] = [
    { name: 'gitVersion', flag: "-X 'm.gitVersion=@asked:m.gitVersion@'" },
    { name: 'asked', flag: "-X 'm.Other=@asked:m.Other@'" },
  ];
  const facts = factsOf(undefined, { asked: { 'm.gitVersion': 'v9+two-v1', 'm.Other': 'o' } });

  test("gets the Makefile's value, and in profile dev a stable one or none", () => {
    expect(stampFlags(flags, version('release', {}, facts))).toBe("-X 'm.gitVersion=v9+two-v1' -X 'm.Other=o'");
    expect(stampFlags(flags, version('dev'))).toBe("-X 'm.gitVersion=v1.2.3-dev'");
  });

  test("gets the user's version instead, if there is one", () => {
    expect(stampFlags(flags, version('release', { KUBE_GIT_VERSION: 'v3.4.5' }, facts))).toBe(
      "-X 'm.gitVersion=v3.4.5' -X 'm.Other=o'",
    );
  });
});
