import { expect, test } from 'vitest';
import type { Statement } from '@slipway/adapters';
import { readRecorded } from './recorded.ts';

const statement = (external: object, internal: object = {}): Statement => ({
  subjects: [],
  images: [],
  predicateType: '',
  predicate: {
    buildDefinition: {
      externalParameters: external,
      internalParameters: internal,
      resolvedDependencies: [
        { name: 'source', digest: { gitCommit: 'ab'.repeat(20) }, annotations: { clean: true } },
        { name: 'go', annotations: { version: '1.21.7' } },
      ],
    },
  },
});
const platforms = ['linux/amd64', 'windows/amd64'];

test('the rebuild repeats the recorded settings', () => {
  const variables = { KUBE_DOCKER_REGISTRY: 'registry.example', KUBE_BUILD_PLATFORMS: 'x/y', KUBE_FASTBUILD: 'true' };
  expect(
    readRecorded(statement({ profile: 'release', platforms, variables }, { time: 5, version: 'v1.2.3' })),
  ).toMatchObject({
    ...{ commit: 'ab'.repeat(20), clean: true, go: '1.21.7', profile: 'release', leftOut: {} },
    variables: {
      KUBE_BUILD_PLATFORMS: 'linux/amd64 windows/amd64',
      KUBE_DOCKER_REGISTRY: 'registry.example',
      KUBE_GIT_VERSION: 'v1.2.3',
      SOURCE_DATE_EPOCH: '5',
      GO_VERSION: '1.21.7',
    },
  });
});

test('a setting that could run a program of the publisher is not repeated', () => {
  const variables = {
    GOFLAGS: '-toolexec=evil',
    GOLDFLAGS: '-extld=evil',
    KUBE_LINUX_AMD64_CC: 'evil',
    OUT_DIR: '/',
    KUBE_GIT_VERSION_FILE: '/etc/passwd',
    KUBE_GIT_TREE_STATE: 'none of these',
    KUBE_CGO_OVERRIDES: 7,
  };
  const recorded = readRecorded(statement({ profile: 'release', platforms, variables }));
  expect(recorded).toMatchObject({
    variables: { KUBE_BUILD_PLATFORMS: expect.any(String), GO_VERSION: '1.21.7' },
    leftOut: { GOFLAGS: '-toolexec=evil', GOLDFLAGS: '-extld=evil', KUBE_LINUX_AMD64_CC: 'evil', OUT_DIR: '/' },
  });
  expect(Object.keys((recorded as { variables: object }).variables)).toHaveLength(2);
});

test.each([
  ['a profile', { platforms }],
  ['a profile', { profile: 'fast', platforms }],
  ['which platforms', { profile: 'release' }],
  ['which platforms', { profile: 'release', platforms: ['linux/amd64 -x'] }],
])('a provenance that does not say %s is no help', (what, external) => {
  expect(readRecorded(statement(external))).toMatch(what);
});
