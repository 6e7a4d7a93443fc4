import type { Platform, TreeInputs } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from './build-executor.ts';
import { goProjects } from './go-projects.ts';
import { hackProject } from './hack-project.ts';
import { typescriptProjects } from './typescript-projects.ts';

describe('TypeScript packages', () => {
  const files = [
    'tools/a/package.json',
    'tools/a/src/x.test.ts',
    'tools/b/package.json',
    'tools/c/package.json',
    'tools/c/e2e/y.test.ts',
  ];
  const targets = Object.entries(typescriptProjects(files)).map(([root, project]) => [
    root,
    Object.keys(project.targets ?? {}),
  ]);

  test('each package has targets for the tests it has', () => {
    expect(targets).toEqual([
      ['tools/a', ['test']],
      ['tools/b', []],
      ['tools/c', ['e2e']],
    ]);
  });

  test('the report of a cached test is restored with it', () => {
    const target = typescriptProjects(files)['tools/a']?.targets?.['test'];
    expect(target?.outputs).toEqual(['{workspaceRoot}/_output/test/tools-a.json']);
    expect(target?.command).toContain('--outputFile=_output/test/tools-a.json');
  });
});

test('targets for the whole repository are in hack', () => {
  const targets = hackProject(['hack/verify.ts', 'hack/lib/a.test.ts', 'hack/e2e/b.test.ts'])['hack']?.targets;
  expect(Object.keys(targets ?? {}).sort()).toEqual(['e2e', 'test', 'typecheck', 'verify']);
  expect(hackProject([])).toEqual({});
});

describe('Go', () => {
  const command = { platform: 'linux/amd64' as Platform, files: [] };
  const tree: TreeInputs = {
    modules: [
      { dir: '.', path: 'example.org/tree' },
      { dir: 'components', path: 'example.org/components' },
      { dir: 'staging/src/example.org/a', path: 'example.org/a' },
    ],
    settings: ['go.work'],
    extensions: ['go', 'c'],
    commands: [
      {
        ...command,
        name: 'kubectl',
        target: 'components/cmd/kubectl',
        dir: 'components/cmd/kubectl',
        dirs: ['components/cmd/kubectl', 'staging/src/example.org/a/b'],
        files: ['components/cmd/kubectl/app/help.txt'],
      },
      { ...command, name: 'e2e.test', target: 'test/e2e/e2e.test', dir: 'test/e2e', dirs: ['test/e2e'] },
      { ...command, name: 'a', target: 'staging/src/example.org/a', dir: 'staging/src/example.org/a', dirs: [] },
      { ...command, name: 'broken', target: 'cmd/broken', dir: 'cmd/broken', dirs: ['cmd/broken'], problem: 'no' },
    ],
  };
  const projects = goProjects(tree, ['components/test/integration/x_test.go']);

  test('each module and each command is a project, and they share a project if they share a directory', () => {
    const shown = Object.entries(projects).map(([root, { name, targets }]) => [root, name, Object.keys(targets ?? {})]);
    expect(shown).toEqual([
      ['.', 'example.org/tree', ['test', 'vet']],
      ['components', 'components', ['test', 'vet', 'test-integration']],
      ['staging/src/example.org/a', 'a', ['test', 'vet', 'build']],
      ['components/cmd/kubectl', 'kubectl', ['build']],
      ['test/e2e', 'e2e.test', ['build']],
      ['cmd/broken', 'broken', ['build']],
    ]);
  });

  test('a command depends on the modules of its packages', () => {
    expect(projects['components/cmd/kubectl']?.implicitDependencies).toEqual(['components', 'example.org/a']);
    expect(projects['test/e2e']?.implicitDependencies).toEqual(['example.org/tree']);
  });

  test('slipway builds a command, and its own packages affect it', () => {
    expect(projects['components/cmd/kubectl']?.targets?.['build']).toMatchObject({
      executor: '@slipway/nx-plugin:build',
      options: { target: 'components/cmd/kubectl' },
      cache: false,
      inputs: [
        '{workspaceRoot}/components/cmd/kubectl/!(*_test).go',
        '{workspaceRoot}/components/cmd/kubectl/*.{c}',
        '{workspaceRoot}/staging/src/example.org/a/b/!(*_test).go',
        '{workspaceRoot}/staging/src/example.org/a/b/*.{c}',
        '{workspaceRoot}/components/cmd/kubectl/app/help.txt',
        '{workspaceRoot}/go.work',
      ],
    });
    expect(projects['cmd/broken']?.targets?.['build']?.inputs).toEqual(['{workspaceRoot}/**/*']);
  });

  test('in a large tree every file affects a command, because Nx would be slow', () => {
    const dirs = Array.from({ length: 1001 }, (_, number) => `pkg/p${number}`);
    const large = goProjects({ ...tree, commands: [{ ...tree.commands[0]!, dirs }] }, []);
    expect(large['components/cmd/kubectl']?.targets?.['build']?.inputs).toEqual(['{workspaceRoot}/**/*']);
  });
});

describe('the outcome of a task', () => {
  const step = (name: string, is: string, output = '') => ({
    kind: 'step-finished',
    step: { title: `build ${name}`, outputs: [`_output/bin/${name}`] },
    outcome: { is, why: 'because' },
    output,
  });

  test('is that of the steps that make its files', () => {
    const said = [step('kubectl', 'ran'), step('kubelet.exe', 'failed', 'x.go:1: no'), step('kube-proxy', 'skipped')];
    expect(outcomeOf('kubectl', false, said)).toEqual({
      success: true,
      status: 'success',
      terminalOutput: 'ran: build kubectl (because)',
    });
    expect(outcomeOf('kubelet', false, said)).toEqual({
      success: false,
      status: 'failure',
      terminalOutput: 'failed: build kubelet.exe (because)\nx.go:1: no',
    });
    expect(outcomeOf('kube-proxy', false, said).status).toBe('skipped');
  });

  test('is that of the run if no step was made', () => {
    expect(outcomeOf('kubectl', true, [{ kind: 'run-finished' }])).toMatchObject({ success: true });
    const failed = [{ kind: 'failed', failures: [{ message: 'no Go', hint: 'get it' }] }];
    expect(outcomeOf('kubectl', false, failed)).toEqual({
      success: false,
      status: 'failure',
      terminalOutput: 'slipway: no Go\n  hint: get it',
    });
  });
});
