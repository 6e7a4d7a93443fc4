import { expect, test } from 'vitest';
import type { Environment, Facts, Step } from '@slipway/model';
import { releasedFacts } from '@slipway/testing';
import { planLocal } from '../flows/local.ts';

function steps(variables: Environment, facts: Facts = releasedFacts()): readonly Step[] {
  const result = planLocal({ goals: [{ target: 'package-tarballs' }], profile: 'release', variables }, facts);
  if (!result.ok) throw new Error(result.failures.map((failure) => failure.code).join());
  return result.plan.steps;
}

/** What the provenance of a release says, as it is known before anything is built. */
function predicate(variables: Environment, facts?: Facts): unknown {
  const step = steps(variables, facts).find(({ kind }) => kind === 'provenance');
  return step?.kind === 'provenance' ? (JSON.parse(step.predicate) as unknown) : undefined;
}

test('a variable that is empty is one that is not set', () => {
  expect(predicate({ GOFLAGS: '', KUBE_STATIC_OVERRIDES: '' })).toEqual(predicate({}));
  expect(predicate({ GOFLAGS: '-v' })).not.toEqual(predicate({}));
});

test('the source is packed with the modes of every other file of a release, whatever a user told git', () => {
  const archive = steps({}).find(({ id }) => id.startsWith('git-archive:'));
  expect(archive?.kind === 'exec' ? archive.argv : []).toContain('tar.umask=0022');
});
