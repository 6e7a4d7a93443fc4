import { expect, test } from 'vitest';
import type { Environment, Facts, Step } from '@slipway/model';
import { releasedFacts } from '@slipway/testing';
import { planLocal } from '../flows/local.ts';

function steps(variables: Environment, facts: Facts = releasedFacts()): readonly Step[] {
  const result = planLocal({ goals: [{ target: 'package-tarballs' }], profile: 'release', variables }, facts);
  if (!result.ok) throw new Error(result.failures.map((failure) => failure.code).join());
  return result.plan.steps;
}

/** The provenance of a release, as far as it is known before the build. */
function predicate(variables: Environment, facts?: Facts): unknown {
  const step = steps(variables, facts).find(({ kind }) => kind === 'provenance');
  return step?.kind === 'provenance' ? (JSON.parse(step.predicate) as unknown) : undefined;
}

test('an empty variable counts as not set', () => {
  expect(predicate({ GOFLAGS: '', KUBE_STATIC_OVERRIDES: '' })).toEqual(predicate({}));
  expect(predicate({ GOFLAGS: '-v' })).not.toEqual(predicate({}));
});

test("the source has the same modes as other files of a release, regardless of the user's git settings", () => {
  const archive = steps({}).find(({ id }) => id.startsWith('git-archive:'));
  expect(archive?.kind === 'exec' ? archive.argv : []).toContain('tar.umask=0022');
});

const withShipping = (more: object): Facts => {
  const facts = releasedFacts();
  return { ...facts, shipping: { ...facts.shipping!, ...more } };
};

test("the provenance names the user's source and builder, or git's remote", () => {
  const facts = withShipping({ repository: 'ssh://code.example/mono.git' });
  const commit = facts.git.commit;
  const dependency = (uri: string) => ({
    buildDefinition: { resolvedDependencies: [{ name: 'source', uri, digest: { gitCommit: commit } }, {}] },
  });
  expect(predicate({}, facts)).toMatchObject(dependency('git+ssh://code.example/mono.git'));
  const given = { SLIPWAY_SOURCE: 'https://code.example/mono', SLIPWAY_BUILDER_ID: 'https://ci.example/release' };
  expect(predicate(given, facts)).toMatchObject({
    ...dependency('git+https://code.example/mono'),
    runDetails: { builder: { id: 'https://ci.example/release' } },
  });
  expect(JSON.stringify(predicate({}))).not.toContain('git+');
});

test('an image has labels and annotations of its origin, and its own config overrides them', () => {
  const facts = withShipping({ repository: 'https://code.example/mono', license: 'Apache-2.0' });
  const image = steps({}, facts).find(({ kind }) => kind === 'image');
  if (image?.kind !== 'image') throw new Error('no image');
  expect(image.annotations).toEqual({
    'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.revision': facts.git.commit,
    'org.opencontainers.image.source': 'https://code.example/mono',
    'org.opencontainers.image.version': 'v1.2.3-1+0123456789abcd',
  });
  expect(image.config.labels).toEqual({ ...image.annotations, 'org.opencontainers.image.title': 'kube-apiserver' });
});

test('the images of a release are subjects of its provenance, with the index that a push creates', () => {
  const step = steps({}).find(({ kind }) => kind === 'provenance');
  const name = 'registry.example/kube-apiserver:v1.2.3-1_0123456789abcd';
  expect(step?.kind === 'provenance' ? step.images : []).toMatchObject([
    {
      name,
      images: ['amd64', 'arm64'].map((arch) => ({ archive: `_output/release-images/${arch}/kube-apiserver.tar` })),
    },
  ]);
});
