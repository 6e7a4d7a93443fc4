import type { Environment } from '@slipway/model';
import { expect, test } from 'vitest';
import { conventionalInvocations } from './invocations.ts';

const stamps = [{ name: 'gitVersion' as const, flag: "-X 'a.gitVersion=@gitVersion@'" }];

test.each<[string, Environment, string[], string[]]>([
  ['stripped by default', {}, [], ['-ldflags=@STAMPS@ -s -w']],
  ['for a debugger', { DBG: '1' }, [], ['-gcflags=all=-N -l', '-ldflags=@STAMPS@']],
  ['compiler flags for all packages', { GOGCFLAGS: '-m' }, [], ['-gcflags=all=-m', '-ldflags=@STAMPS@ -s -w']],
  ['compiler flags with a pattern', { GOGCFLAGS: 'fmt=-m' }, [], ['-gcflags=fmt=-m', '-ldflags=@STAMPS@ -s -w']],
  ['both', { DBG: '1', GOGCFLAGS: 'all=-m' }, [], ['-gcflags=all=-N -l -m', '-ldflags=@STAMPS@']],
  ['linker flags after the stamps', { GOLDFLAGS: ' -v ' }, [], ['-ldflags=@STAMPS@ -v -s -w']],
  ['tags of the tree', {}, ['a', 'b'], ['-ldflags=@STAMPS@ -s -w', '-tags=a,b']],
  ['tags of both', { GOFLAGS: '-v -tags=c,a' }, ['a', 'b'], ['-ldflags=@STAMPS@ -s -w', '-tags=a,b,c']],
  ['the last tags of GOFLAGS', { GOFLAGS: "-tags=c '--tags=d e'" }, ['a'], ['-ldflags=@STAMPS@ -s -w', '-tags=a,d,e']],
  ['tags of GOFLAGS alone are left to Go', { GOFLAGS: '-tags=c' }, [], ['-ldflags=@STAMPS@ -s -w']],
])('%s', (_what, variables, tags, flags) => {
  const { static: withoutCgo, cgo, test: tests } = conventionalInvocations({ variables, stamps, tags });
  expect(withoutCgo).toEqual({ argv: ['install', ...flags], env: { CGO_ENABLED: '0' } });
  expect(cgo).toEqual({ argv: ['install', ...flags], env: {} });
  expect(tests).toEqual({ argv: ['test', '-c', ...flags], env: {} });
});

test('an empty setting adds no empty flag', () => {
  expect(conventionalInvocations({ variables: { DBG: '1' }, stamps: [], tags: [] }).cgo.argv).toEqual([
    'install',
    '-gcflags=all=-N -l',
  ]);
});
