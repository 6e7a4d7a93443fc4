import { type ContainerFacts, type ExecStep, type Facts, callIn, goBuildOf, pathAt } from '@slipway/model';
import { factsOf, releasedFacts, scriptTree } from '@slipway/testing';
import { describe, expect, test } from 'vitest';
import { formatPlan } from '../format.ts';
import type { ContainerizedRequest } from './containerized-request.ts';
import { planContainerized } from './containerized.ts';

const containers: ContainerFacts = {
  hostname: 'builder',
  branch: 'main',
  user: '1000:1000',
  run: 'run-1',
  version: { build: '5', cross: 'v1.28.0-go1.21.7-bullseye.0' },
  packages: ['bash', 'gcc', 'make'],
  certificates: '/etc/ssl/certs/ca-certificates.crt',
  remote: false,
};

const asked = (more: Partial<ContainerizedRequest>): ContainerizedRequest => ({
  target: 'run',
  profile: 'dev',
  variables: {},
  command: [],
  fromPackages: false,
  sync: undefined,
  always: false,
  ...more,
});

const plan = (more: Partial<ContainerizedRequest>, facts: Partial<ContainerFacts> = {}, tree = factsOf()) => {
  const result = planContainerized(asked(more), tree, { ...containers, ...facts });
  if (!result.ok) throw new Error(result.failures.map((failure) => failure.code).join());
  return result.plan;
};

describe('golden plans', () => {
  test.each<[string, Partial<ContainerizedRequest>]>([
    ['run', { command: ['make', 'WHAT=cmd/kubectl'], variables: { GOFLAGS: '-v', OUT_DIR: 'out' } }],
    ['cross-in-a-container', { target: 'cross-in-a-container', variables: { KUBE_BUILD_PLATFORMS: 'linux/arm64' } }],
    ['make-clean', { target: 'make-clean' }],
    [
      'make-build-image-pulled',
      { target: 'make-build-image', variables: { KUBE_BASE_IMAGE_REGISTRY: 'registry.example/build-image' } },
    ],
  ])('%s', async (name, request) => {
    await expect(`${formatPlan(plan(request))}\n`).toMatchFileSnapshot(`./golden/${name}.txt`);
  });
});

test('a release is built and tested in the container, and packaged on this machine', async () => {
  const variables = { KUBE_BUILD_PLATFORMS: 'linux/amd64' };
  const released = plan({ target: 'release', profile: 'release', variables }, {}, releasedFacts());
  await expect(`${formatPlan(released)}\n`).toMatchFileSnapshot('./golden/release-in-containers.txt');
  const outside = released.steps.filter((step) => step.kind === 'exec' && step.place === 'host');
  expect(outside.map((step) => step.kind === 'exec' && step.argv[0])).toEqual(['git']);
});

test('two branches, two hosts and two checkouts have different names', () => {
  const image = (facts: Partial<ContainerFacts>): string =>
    plan({ command: ['true'] }, facts).steps.flatMap((step) =>
      step.kind === 'build-image' ? [step.reference] : [],
    )[0]!;
  const names = [image({}), image({ branch: 'other' }), image({ hostname: 'other' })];
  expect(new Set(names).size).toBe(3);
});

test('a binary from a container is checked and published like one built here', () => {
  const { steps, places } = plan({
    target: 'cross-in-a-container',
    variables: { KUBE_BUILD_PLATFORMS: 'linux/amd64' },
  });
  const built = steps.flatMap((step) => (step.kind === 'exec' && goBuildOf(step) !== undefined ? [step] : []));
  expect(built.length).toBeGreaterThan(0);
  for (const step of built) {
    expect(step.outputs).toEqual(step.actions!.flatMap(({ outputs }) => outputs));
    const there = step.outputs.map((output) => pathAt(output, places, places.container!));
    expect(there).toEqual(step.outputs.map((output) => output.replace('_output/', '/go/output/')));
    const cwds = [places.container!, places.host].map((place) => callIn(step, place).cwd);
    expect(cwds).toEqual(['/go/src/k8s.example/mono', '/src/mono']);
  }
});

test('a shell copies nothing back unless the user asks for it', () => {
  const kinds = (variables: Record<string, string>): string[] =>
    plan({ target: 'shell', variables }).steps.map((step) => step.kind);
  expect(kinds({})).not.toContain('copy-out');
  expect(kinds({ KUBE_RUN_COPY_OUTPUT: 'y' })).toContain('copy-out');
});

test('GOWORK points to the same go.work in the container, and a go.work outside the tree is refused', () => {
  const facts = (environment: Record<string, string>, workFile: string | undefined): Facts =>
    factsOf(scriptTree({ workFile }), { environment });
  const variables = { KUBE_BUILD_PLATFORMS: 'linux/amd64' };
  const request = { target: 'cross-in-a-container', variables } as const;
  const seen = (GOWORK: string, workFile: string | undefined): unknown => {
    const { steps, places } = plan(request, {}, facts({ GOWORK }, workFile));
    const built = steps.find((step) => step.kind === 'exec' && goBuildOf(step) !== undefined) as ExecStep;
    const told = callIn(built, places.container!).env['GOWORK'];
    return [told, built.actions![0]!.settings['variable GOWORK']];
  };
  expect(seen('off', undefined)).toEqual(['off', 'off']);
  expect(seen('/src/mono/other.work', '/src/mono/other.work')).toEqual([
    '/go/src/k8s.example/mono/other.work',
    'other.work',
  ]);
  const outside = planContainerized(asked(request), facts({ GOWORK: '/x/go.work' }, '/x/go.work'), containers);
  expect(outside).toMatchObject({ ok: false, failures: [{ code: 'GO_SETTING', setting: 'GOWORK=/x/go.work' }] });
});
