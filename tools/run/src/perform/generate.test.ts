import {
  type FakeProgram,
  fakeArchiveWriter,
  fakeSbomWriter,
  fakeCommandRunner,
  fakeImageWriter,
  fakeOutputFiles,
  fakeRegistry,
} from '@slipway/adapters';
import type { GenerateStep, Plan, StepId } from '@slipway/model';
import { expect, test } from 'vitest';
import { performGenerate } from './generate.ts';

const step: GenerateStep = {
  kind: 'generate',
  id: 'generate:x' as StepId,
  title: 'generate x',
  needs: [],
  after: [],
  outputs: ['a/zz.go', 'b/zz.go'],
  pool: 'go',
  argv: ['x-gen'],
  cwd: 'tmp/x',
  env: { GOROOT: '/go' },
  unset: ['GOFLAGS'],
  scratch: 'tmp/x',
  copies: ['a/a.go'],
  files: ['a', 'b'].map((dir) => ({ from: `tmp/x/${dir}/zz.go`, to: `${dir}/zz.go` })),
  equal: [],
  gofmt: undefined,
};

const plan: Plan = {
  version: 1,
  flow: 'local',
  targets: ['generated_files'],
  profile: 'dev',
  root: '/t',
  gitVersion: '',
  environment: { PATH: '/bin', GOFLAGS: '-v' },
  places: { host: { name: 'host', root: '/t', output: '/t/out', go: '/go', environment: {} } },
  steps: [step],
  notes: [],
};

function rig(made: Readonly<Record<string, string>>, exit = 0) {
  const files = fakeOutputFiles({ '/t/a/a.go': 'a', '/t/a/zz.go': 'old', '/t/b/zz.go': 'old', '/t/known': 'x\ny\n' });
  const program: FakeProgram = () => {
    for (const [path, text] of Object.entries(made)) files.entries.set(`/t/tmp/x/${path}`, { text });
    return { exit, output: 'it says' };
  };
  const runner = fakeCommandRunner(program);
  const perform = (more: Partial<GenerateStep> = {}) =>
    performGenerate(
      { ...step, ...more },
      {
        ...{ plan, files, runner, signal: new AbortController().signal, keepGoing: false },
        ...{
          archives: fakeArchiveWriter(files),
          images: fakeImageWriter(files),
          sboms: fakeSbomWriter(files),
          registry: fakeRegistry(files),
        },
        needContainers: async () => ({ why: undefined, statuses: new Map() }),
      },
    );
  const text = (path: string) => files.entries.get(path);
  const left = () => [...files.entries.keys()].filter((path) => path.startsWith('/t/tmp/'));
  return { perform, text, left, runner, files };
}

test('new files of a generator appear in the tree, old ones disappear, and no other file remains', async () => {
  const { perform, text, left, runner, files } = rig({ 'a/zz.go': 'new' });
  expect(await perform()).toEqual({ outcome: { is: 'ran', why: '1 of 2 changed' }, output: 'it says' });
  expect([text('/t/a/zz.go'), text('/t/b/zz.go'), left()]).toEqual([{ text: 'new' }, undefined, []]);
  expect(runner.requests).toMatchObject([{ argv: ['x-gen'], cwd: '/t/tmp/x', env: { PATH: '/bin', GOROOT: '/go' } }]);
  expect(runner.requests[0]!.env).not.toHaveProperty('GOFLAGS');
  expect(files.calls).toContain('publishFile /t/a/a.go /t/tmp/x/a/a.go');
});

test('a failed generator changes nothing in the tree', async () => {
  const { perform, text, left } = rig({ 'a/zz.go': 'half' }, 1);
  await expect(perform()).rejects.toThrow(/COMMAND_FAILED/);
  expect([text('/t/a/zz.go'), text('/t/b/zz.go'), left()]).toEqual([{ text: 'old' }, { text: 'old' }, []]);
});

test('if the generated files differ from the known ones, nothing changes and the failure shows the difference', async () => {
  const { perform, text } = rig({ 'a/zz.go': 'new', report: 'x\nz\n' });
  const equal = [{ made: 'tmp/x/report', known: 'known', hint: 'accept it' }];
  await expect(perform({ equal })).rejects.toThrow(/NOT_AS_KNOWN: the tree differs from known: \+ z; - y$/);
  expect(text('/t/a/zz.go')).toEqual({ text: 'old' });
  const same = rig({ 'a/zz.go': 'new', report: 'x\ny\n' });
  await same.perform({ equal });
  expect(same.text('/t/a/zz.go')).toEqual({ text: 'new' });
});

test('Go files are formatted before they appear', async () => {
  const { perform, runner } = rig({ 'a/zz.go': 'new' });
  await perform({ gofmt: '/go/bin/gofmt', files: step.files.slice(0, 1) });
  expect(runner.requests[1]!.argv).toEqual(['/go/bin/gofmt', '-s', '-w', '/t/tmp/x/a/zz.go']);
});
