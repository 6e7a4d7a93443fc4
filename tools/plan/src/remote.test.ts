import { type Cluster, type Facts, type Plan, type Profile, type Step, readablePlan } from '@slipway/model';
import { factsOf, scriptTree } from '@slipway/testing';
import { expect, test } from 'vitest';
import { formatPlan } from './format.ts';
import { planLocal } from './flows/local.ts';
import { partsFor } from './remote.ts';

const cluster: Cluster = {
  ...{ executors: ['grpc://cluster.example:1'], cache: undefined, properties: {}, jobs: 4, localJobs: 0 },
  ...{ go: '/opt/go/bin/go', goCache: '/cache', queueSeconds: 1, verify: 0, isNamedByTree: false },
};

interface Case {
  readonly profile?: Profile;
  readonly facts?: Facts;
  readonly jobs?: number;
}

const planned = ({ profile = 'dev', facts = factsOf(), jobs = 4 }: Case = {}) =>
  planLocal({ goals: [{ target: 'cross' }], profile, variables: {}, cluster: { ...cluster, jobs } }, facts);

function plan(options?: Case): Plan {
  const result = planned(options);
  if (!result.ok) throw new Error(result.failures.map(({ code }) => code).join());
  return result.plan;
}

const isRemote = (step: Step): boolean => step.kind === 'exec' && step.place === 'remote';
const actionsOf = ({ steps }: Plan): string[] =>
  steps.flatMap(({ actions = [] }) => actions.map(({ id }) => id)).sort();

test.each([
  { jobs: 8, groups: 4, commands: 6, parts: 2 },
  { jobs: 4, groups: 4, commands: 6, parts: 1 },
  { jobs: 1, groups: 4, commands: 6, parts: 1 },
  { jobs: 100, groups: 4, commands: 6, parts: 6 },
  { jobs: 9, groups: 4, commands: 6, parts: 3 },
])('$jobs places for $groups groups: $commands commands go in $parts parts', ({ jobs, groups, commands, parts }) => {
  expect(partsFor({ ...cluster, jobs }, groups, commands)).toBe(parts);
});

test('with any number of places each command is built once, with the same name as without a cluster', () => {
  const here = planLocal({ goals: [{ target: 'cross' }], profile: 'dev', variables: {} }, factsOf());
  const expected = here.ok ? actionsOf(here.plan) : [];
  expect(expected.length).toBeGreaterThan(4);
  for (const jobs of [1, 4, 7, 50]) expect(actionsOf(plan({ jobs }))).toEqual(expected);
});

test('parts for a cluster do not wait for each other, because each has its own worker', () => {
  const remote = plan().steps.filter(isRemote);
  expect(remote.length).toBeGreaterThan(1);
  expect(remote.flatMap(({ after }) => after)).toEqual([]);
});

test('a dry run shows which steps go to the cluster, their number of actions, and what stays here and why', () => {
  const text = formatPlan(plan());
  expect(text).toMatch(/ {3}on the cluster\n +cd \/slipway\/tree && env .*GOCACHE=\/cache .*\/opt\/go\/bin\/go build/);
  expect(text).toMatch(/note {6}\d+ commands in \d+ actions for grpc:\/\/cluster\.example:1: it gets 4 at once/);
  expect(readablePlan(plan()).steps.some(isRemote)).toBe(true);
});

test('a release compiles without files that others left on a worker', () => {
  const text = formatPlan(plan({ profile: 'release' }));
  expect(text).toContain('GOCACHE=/slipway/cache');
  expect(text).not.toContain('GOCACHE=/cache');
});

test.each([
  { what: 'profile make', options: { profile: 'make' } as const, fact: /-trimpath only/ },
  {
    what: 'a tree without modules',
    options: { facts: factsOf(scriptTree({ moduleMode: 'gopath', modules: [], fakeGopath: true })) },
    fact: /found through GOPATH/,
  },
])('$what is refused, as a path of the worker would be in the bytes', ({ options, fact }) => {
  const result = planned(options);
  expect(result).toMatchObject({ ok: false, failures: [{ code: 'BAD_USAGE', fact: expect.stringMatching(fact) }] });
});
