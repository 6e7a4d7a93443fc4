import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { reportOf, vitestTarget } from './targets.ts';
import { endToEndTarget, hasTests } from './typescript-projects.ts';

/** Targets for the whole repository belong to `hack`: types (one program, 0.3 s for all) and verification. */
export function hackProject(files: readonly string[]): Record<string, ProjectConfiguration> {
  if (!files.includes('hack/verify.ts')) return {};
  const targets: Record<string, TargetConfiguration> = {
    typecheck: {
      command: 'tsc --project tsconfig.json',
      cache: true,
      inputs: [
        '{workspaceRoot}/tools/**/*.{ts,json}',
        '{workspaceRoot}/build/**/*.ts',
        '{workspaceRoot}/hack/**/*.ts',
        '{workspaceRoot}/*.ts',
        'installed',
      ],
      metadata: { description: 'types of all TypeScript', technologies: ['typescript'] },
    },
    verify: {
      command: 'node hack/verify.ts',
      cache: true,
      inputs: ['everything'],
      metadata: { description: 'all of hack/verify-*.ts' },
    },
  };
  if (hasTests(files, 'hack/lib')) {
    targets['test'] = vitestTarget({
      dir: 'hack/lib',
      report: reportOf('hack'),
      description: 'unit tests of the checks',
      inputs: ['{projectRoot}/**/*', '!{projectRoot}/e2e/**/*', '{workspaceRoot}/tools/**/*.sh', 'installed', 'vitest'],
    });
  }
  if (hasTests(files, 'hack/e2e')) targets['e2e'] = endToEndTarget('hack');
  return { hack: { name: 'hack', root: 'hack', targets } };
}
