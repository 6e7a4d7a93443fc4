import { describe, expect, test } from 'vitest';
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

  test('each has the targets it has tests for', () => {
    expect(targets).toEqual([
      ['tools/a', ['lint', 'test']],
      ['tools/b', ['lint']],
      ['tools/c', ['lint', 'e2e']],
    ]);
  });

  test('the report of a cached test comes back with it', () => {
    const target = typescriptProjects(files)['tools/a']?.targets?.['test'];
    expect(target?.outputs).toEqual(['{workspaceRoot}/_output/test/tools-a.json']);
    expect(target?.command).toContain('--outputFile.json=_output/test/tools-a.json');
  });
});

test('what concerns the whole repository is in hack', () => {
  const targets = hackProject(['hack/verify.ts', 'hack/lib/a.test.ts', 'hack/e2e/b.test.ts'])['hack']?.targets;
  expect(Object.keys(targets ?? {}).sort()).toEqual(['e2e', 'lint', 'test', 'typecheck', 'verify']);
  expect(hackProject([])).toEqual({});
});

describe('Go', () => {
  const texts: Record<string, string> = {
    'components/go.mod':
      'module example.org/components\nrequire (\n\texample.org/a v0.0.0\n\tgithub.com/x/y v1.0.0\n)\n',
    'staging/src/example.org/a/go.mod': 'module example.org/a\nrequire example.org/b v0.0.0\n',
    'staging/src/example.org/b/go.mod': 'module example.org/b\n',
  };
  const files = [
    ...Object.keys(texts),
    'components/cmd/kubectl/kubectl.go',
    'components/cmd/kubectl/doc.go',
    'components/cmd/kubectl/app/server.go',
    'components/go.sum',
    'components/test/integration/integration_test.go',
  ];
  const { projects, dependencies } = goProjects(files, (path) => texts[path] ?? '');

  test('a project per module and per command', () => {
    expect(
      Object.entries(projects).map(([root, { name, targets }]) => [root, name, Object.keys(targets ?? {})]),
    ).toEqual([
      ['components', 'components', ['test', 'vet', 'test-integration']],
      ['staging/src/example.org/a', 'example.org/a', ['test', 'vet']],
      ['staging/src/example.org/b', 'example.org/b', ['test', 'vet']],
      ['components/cmd/kubectl', 'kubectl', ['build']],
    ]);
  });

  test('commands depend on their module, modules on what their go.mod requires of staging', () => {
    expect(dependencies.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'components → example.org/a',
      'example.org/a → example.org/b',
      'kubectl → components',
    ]);
  });

  test('a command is built by slipway', () => {
    expect(projects['components/cmd/kubectl']?.targets?.['build']).toMatchObject({
      command: 'node tools/cli/src/main.ts all WHAT=components/cmd/kubectl',
      cache: false,
    });
  });
});
