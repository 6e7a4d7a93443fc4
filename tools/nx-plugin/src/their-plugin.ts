import type { CreateNodes } from '@nx/devkit';
import { goProjects } from './go-projects.ts';
import { readInputs } from './slipway.ts';
import { theirTargets } from './targets.ts';

export { createDependencies } from './plugin.ts';

/** The plugin of the package `@slipway/nx`: the Go projects of a foreign workspace, and no other projects. */
export const name = '@slipway/nx';

export const createNodes: CreateNodes = [
  '{go.work,**/go.mod,**/*_test.go}',
  (files, _options, { workspaceRoot }) => [
    [
      files.find((file) => !file.endsWith('_test.go')) ?? files[0]!,
      { projects: goProjects(readInputs(workspaceRoot), files, theirTargets) },
    ] as const,
  ],
];
