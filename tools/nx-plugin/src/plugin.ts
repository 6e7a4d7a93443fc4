import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CreateDependencies, CreateNodes, DependencyType } from '@nx/devkit';
import { parseGoModule } from './go-mod.ts';
import { goProjects } from './go-projects.ts';
import { hackProject } from './hack-project.ts';
import { readInputs } from './slipway.ts';
import { typescriptProjects } from './typescript-projects.ts';

export const name = 'slipway';

/** The files that define projects and targets. Slipway knows the files of commands. */
const pattern =
  '{go.work,**/go.mod,tools/*/package.json,tools/**/*.test.ts,hack/verify.ts,hack/**/*.test.ts,**/test/integration/*_test.go}';

export const createNodes: CreateNodes = [
  pattern,
  (files, _options, { workspaceRoot }) => {
    const projects = {
      ...typescriptProjects(files),
      ...hackProject(files),
      ...goProjects(readInputs(workspaceRoot), files),
    };
    return Object.entries(projects).map(
      ([root, project]) => [sourceOf(root, files), { projects: { [root]: project } }] as const,
    );
  },
];

/**
 * A module depends on the modules that its go.mod requires. Nx itself reads dependencies of TypeScript packages from
 * their package.json.
 */
export const createDependencies: CreateDependencies = (_options, { projects, workspaceRoot }) => {
  const roots = Object.entries(projects).flatMap(([project, { root, tags = [] }]) =>
    tags.includes('go') && !tags.includes('command') ? [{ project, file: join(root, 'go.mod') }] : [],
  );
  const modules = roots.map((each) => ({
    ...each,
    ...parseGoModule(readFileSync(join(workspaceRoot, each.file), 'utf8')),
  }));
  const projectOf = new Map(modules.map(({ module, project }) => [module, project]));
  return modules.flatMap(({ project, file, requires }) =>
    requires.flatMap((required) => {
      const target = projectOf.get(required);
      const type = 'static' as DependencyType.static;
      return target === undefined ? [] : [{ source: project, target, type, sourceFile: file }];
    }),
  );
};

/** The file that Nx shows as the source of a project. */
const sourceOf = (root: string, files: readonly string[]): string =>
  files.find((file) => dirname(file) === root && /(?:package\.json|go\.mod|verify\.ts)$/.test(file)) ??
  files.find((file) => file.startsWith(`${root}/`)) ??
  files[0]!;
