import { expect, test } from 'vitest';
import { type Facts, inputPaths } from '@slipway/model';
import { releasedFacts } from '@slipway/testing';
import { type Goal } from '../flows/goals.ts';
import { planLocal } from '../flows/local.ts';
import { refusedInContainers } from '../flows/refused-in-containers.ts';

const released = releasedFacts();
const facts: Facts = {
  ...released,
  tree: {
    ...released.tree,
    before: [
      { argv: ['make', 'ui'], inputs: ['web/src'], outputs: ['web/static'] },
      { argv: ['make', 'embed'], inputs: ['web/static'], outputs: ['web/embed.go'] },
    ],
  },
  before: [['web/src/a', 'web/src/b'], ['web/static/a']],
};

const stepsOf = (target: Goal & { target: string }) => {
  const planned = planLocal({ goals: [target], profile: 'dev', variables: {} }, facts);
  if (!planned.ok) throw new Error(JSON.stringify(planned.failures));
  return planned.plan.steps;
};

test('steps before the build run in their order, and all steps that compile wait for them', () => {
  const steps = stepsOf({ target: 'all' });
  const [first, second, ...rest] = steps;
  expect([first!.title, second!.title]).toEqual(['run make ui', 'run make embed']);
  expect(second!.needs).toContain(first!.id);
  expect(inputPaths(first!)).toEqual(['web/src/a', 'web/src/b']);
  for (const step of rest) expect(step.needs, step.title).toContain(second!.id);
});

test('package-tarballs does not run these steps', () => {
  expect(stepsOf({ target: 'package-tarballs' }).filter(({ id }) => id.startsWith('before:'))).toEqual([]);
});

test('a build in a container is refused with an alternative', () => {
  const refused = (target: string) =>
    refusedInContainers({ target, profile: 'release' } as Parameters<typeof refusedInContainers>[0], facts, {
      remote: false,
    } as Parameters<typeof refusedInContainers>[2]);
  expect(refused('make-clean')).toEqual([]);
  expect(refused('run')).toEqual([]);
  expect(refused('release')).toMatchObject([
    { code: 'UNSUPPORTED_TREE', hint: expect.stringContaining('--without-docker') },
  ]);
});
