import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateDependencies, CreateNodes, DependencyType, RawProjectGraphDependency } from '@nx/devkit';
import { goProjects, type GoDependency } from './go-projects.ts';
import { hackProject } from './hack-project.ts';
import { typescriptProjects } from './typescript-projects.ts';

export const name = 'slipway';

/** All that a project or a target follows from. */
const pattern =
  '{tools/*/package.json,tools/**/*.test.ts,hack/verify.ts,hack/**/*.test.ts,components/go.mod,components/cmd/*/*.go,components/test/integration/*_test.go,staging/src/*/*/go.mod}';

export const createNodes: CreateNodes = [
  pattern,
  (files, _options, { workspaceRoot }) => {
    const projects = {
      ...typescriptProjects(files),
      ...hackProject(files),
      ...goProjects(files, readIn(workspaceRoot)).projects,
    };
    return Object.entries(projects).map(
      ([root, project]) => [sourceOf(root, files), { projects: { [root]: project } }] as const,
    );
  },
];

/** Dependencies between TypeScript packages come from their package.json, which Nx reads itself. */
export const createDependencies: CreateDependencies = (_options, { projects, fileMap, workspaceRoot }) => {
  const files = Object.values(fileMap.projectFileMap).flatMap((entries) => entries.map(({ file }) => file));
  return goProjects(files, readIn(workspaceRoot))
    .dependencies.filter(({ from, to }) => from in projects && to in projects)
    .map(toGraph);
};

const toGraph = ({ from, to, file }: GoDependency): RawProjectGraphDependency => ({
  source: from,
  target: to,
  type: 'static' as DependencyType.static,
  sourceFile: file,
});

const readIn =
  (root: string) =>
  (path: string): string =>
    readFileSync(join(root, path), 'utf8');

/** The file Nx shows as the reason a project exists. */
const sourceOf = (root: string, files: readonly string[]): string =>
  files.find((file) => file.startsWith(`${root}/`) && /(?:package\.json|go\.mod|verify\.ts)$/.test(file)) ??
  files.find((file) => file.startsWith(`${root}/`)) ??
  root;
