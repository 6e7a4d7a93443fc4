import { dirname } from 'node:path/posix';
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { reportOf, vitestTarget } from './targets.ts';

/**
 * The packages of tools/, by their package.json, with their tests. Tests in `e2e/` run the tool on this whole
 * repository, so that any of its files may change their result; `src/` contains all other tests.
 */
export function typescriptProjects(files: readonly string[]): Record<string, ProjectConfiguration> {
  const roots = files.filter((file) => /^tools\/[^/]+\/package\.json$/.test(file)).map((file) => dirname(file));
  return Object.fromEntries(roots.map((root) => [root, { root, targets: targetsOf(root, files) }]));
}

function targetsOf(root: string, files: readonly string[]): Record<string, TargetConfiguration> {
  const targets: Record<string, TargetConfiguration> = {};
  if (hasTests(files, `${root}/src`)) {
    targets['test'] = vitestTarget({
      dir: `${root}/src`,
      report: reportOf(root),
      description: 'unit tests of this package',
      inputs: ['{projectRoot}/**/*', '!{projectRoot}/e2e/**/*', '^sources', 'installed', 'vitest'],
    });
  }
  if (hasTests(files, `${root}/e2e`)) targets['e2e'] = endToEndTarget(root);
  return targets;
}

export const endToEndTarget = (root: string): TargetConfiguration =>
  vitestTarget({
    dir: `${root}/e2e`,
    report: reportOf(`${root}-e2e`),
    description: 'end-to-end tests: the tool as a process, on this repository and on fixtures',
    inputs: ['everything', 'vitest'],
  });

export const hasTests = (files: readonly string[], dir: string): boolean =>
  files.some((file) => file.startsWith(`${dir}/`) && file.endsWith('.test.ts'));
