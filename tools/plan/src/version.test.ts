import { describe, expect, test } from 'vitest';
import { computeVersion } from './version.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const facts = (describe: string | undefined, clean: boolean) => ({
  git: { commit, clean, shallow: false, ...(describe === undefined ? {} : { describe }) },
  archive: undefined,
  versionFile: undefined,
});

test.each([
  ['v1.2.3-4-g0123456789abcd', true, 'v1.2.3-4-g012345678'],
  ['v1.2.3-4-g0123456789abcd', false, 'v1.2.3-4-g012345678-dirty'],
  ['v1.2.3', true, 'v1.2.3'],
])('the commit and the description are as git abbreviates them here: %s, clean %s', (describe, clean, gitDescribe) => {
  const { git, ...rest } = facts(describe, clean);
  const described = { ...rest, git: { ...git, shortCommit: '012345678' } };
  expect(computeVersion(described, {})).toMatchObject({ version: { gitShortCommit: '012345678', gitDescribe } });
  const given = computeVersion(described, { KUBE_GIT_COMMIT: 'ffffffffffffffffffff' });
  expect(given).toMatchObject({ version: { gitShortCommit: 'fffffff' } });
});

describe('computeVersion', () => {
  test.each([
    ['v1.14.8', true, 'v1.14.8', '14'],
    ['v1.14.8', false, 'v1.14.8-dirty', '14+'],
    ['v1.14.8-3-g0123456789abcd', true, 'v1.14.8-3+0123456789abcd', '14+'],
    ['v1.14.8-3-g0123456789abcd', false, 'v1.14.8-3+0123456789abcd-dirty', '14+'],
    ['v1.15.0-alpha.0-5-g0123456789abcd', true, 'v1.15.0-alpha.0.5+0123456789abcd', '15+'],
    ['v1.15.0-rc.1-hot-2-g0123456789abcd', true, 'v1.15.0-rc.1-hot-2-g0123456789abcd', '15+'],
    ['v2.0', true, 'v2.0', '0'],
  ])('%s, clean %s', (describe, clean, gitVersion, gitMinor) => {
    const result = computeVersion(facts(describe, clean), {});
    expect(result).toEqual({
      ok: true,
      version: {
        gitCommit: commit,
        gitTreeState: clean ? 'clean' : 'dirty',
        gitVersion,
        gitMajor: gitVersion[1],
        gitMinor,
      },
    });
  });

  test.each(['mytag-2-g0123456789abcd', 'mytag', 'v1', 'v1.2.3_4'])('%s is not a version', (describe) => {
    expect(computeVersion(facts(describe, true), {})).toMatchObject({ ok: false, failure: { code: 'BAD_VERSION' } });
  });

  test('without a tag there is a commit but no version', () => {
    expect(computeVersion(facts(undefined, true), {})).toEqual({
      ok: true,
      version: { gitCommit: commit, gitTreeState: 'clean' },
    });
  });

  test('without git there is no stamp', () => {
    expect(computeVersion({ git: { shallow: false }, archive: undefined, versionFile: undefined }, {})).toEqual({
      ok: true,
      version: {},
    });
  });

  test('the environment overrides git', () => {
    const variables = { KUBE_GIT_COMMIT: 'abc', KUBE_GIT_TREE_STATE: 'clean', KUBE_GIT_VERSION: 'v9.8.7' };
    expect(computeVersion(facts('v1.0.0', false), variables)).toEqual({
      ok: true,
      version: {
        ...{ gitCommit: 'abc', gitShortCommit: 'abc', gitTreeState: 'clean' },
        ...{ gitVersion: 'v9.8.7', gitDescribe: 'v9.8.7', gitMajor: '9', gitMinor: '8' },
      },
    });
  });

  test('a version that the user gives is used unchanged, for any state of the tree', () => {
    const given = 'v1.35.0+kcp-v0.32.0-12-g0123456789abcd';
    expect(computeVersion(facts('v1.0.0', false), { KUBE_GIT_VERSION: given })).toMatchObject({
      version: { gitVersion: given, gitTreeState: 'dirty', gitMajor: '1', gitMinor: '35' },
    });
    const asScripts = { ...facts('v1.0.0', false), asScripts: true };
    expect(computeVersion(asScripts, { KUBE_GIT_VERSION: 'v1.2.3' })).toMatchObject({
      version: { gitVersion: 'v1.2.3-dirty' },
    });
  });

  test('a tag with the path of a module gives the version without the path', () => {
    expect(computeVersion(facts('client/api/v3.6.1-3-g0123456789abcd', true), {})).toMatchObject({
      version: { gitVersion: 'v3.6.1-3+0123456789abcd', gitMajor: '3', gitMinor: '6+' },
    });
  });

  test('values of git archive override the environment, field by field', () => {
    const variables = { KUBE_GIT_COMMIT: 'abc', KUBE_GIT_TREE_STATE: 'dirty', KUBE_GIT_VERSION: 'v9.8.7' };
    const archive = { ...facts('v1.0.0', false), archive: { commit: 'def', version: 'v1.28.7' } };
    expect(computeVersion(archive, variables)).toMatchObject({
      version: { gitCommit: 'def', gitTreeState: 'archive', gitVersion: 'v1.28.7', gitMinor: '28' },
    });
    expect(computeVersion({ ...archive, archive: { commit: 'def' } }, variables)).toMatchObject({
      version: { gitCommit: 'def', gitTreeState: 'archive', gitVersion: 'v9.8.7' },
    });
  });

  test('a version file overrides everything', () => {
    const versionFile = { KUBE_GIT_COMMIT: 'c', KUBE_GIT_VERSION: 'anything', KUBE_GIT_MINOR: '3+' };
    expect(computeVersion({ ...facts('v1.0.0', true), versionFile }, { KUBE_GIT_COMMIT: 'x' })).toEqual({
      ok: true,
      version: { gitCommit: 'c', gitVersion: 'anything', gitMinor: '3+' },
    });
  });
});
