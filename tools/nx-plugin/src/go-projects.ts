import { posix } from 'node:path';
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import type { CommandInputs, GoModule, TreeInputs } from '@slipway/model';
import { type GoTargets, ourTargets } from './targets.ts';

/**
 * A project for each module and each command of slipway's answer, by directory. A command in the directory of a module
 * gives the project its name and one more target.
 */
export function goProjects(
  { modules, commands, ...rest }: TreeInputs,
  files: readonly string[],
  targets: GoTargets = ourTargets,
): Record<string, ProjectConfiguration> {
  const projects: Record<string, ProjectConfiguration> = {};
  const exact = commands.reduce((sum, { dirs }) => sum + dirs.length, 0) <= mostDirectories;
  const tested = files.filter((file) => file.endsWith('_test.go')).map((file) => moduleOf(file, modules));
  for (const module of modules)
    projects[module.dir] = moduleProject(module, files, { ...targets, isTested: tested.includes(module) });
  for (const command of commands) {
    const build = targets.build(command, exact ? exactInputs(command, rest) : everything);
    projects[command.dir] = commandProject(command, { modules, build, before: projects[command.dir] });
  }
  return projects;
}

/** `staging` modules have their path as name, because everybody knows that; others have their directory. */
const moduleName = ({ dir, path }: GoModule): string => (/^[^./][^/]*$/.test(dir) ? dir : path);

function moduleProject(
  module: GoModule,
  files: readonly string[],
  { test, vet, integration, isTested }: GoTargets & { readonly isTested: boolean },
): ProjectConfiguration {
  const tests = test(module.dir, isTested);
  const integrates = files.some((file) => file.startsWith(`${module.dir}/test/integration/`));
  return {
    name: moduleName(module),
    root: module.dir,
    projectType: 'library',
    sourceRoot: module.dir,
    tags: ['go'],
    targets: {
      ...(tests && { test: tests }),
      vet: vet(module.dir),
      ...(integrates && integration && { 'test-integration': integration }),
    },
  };
}

interface CommandProject {
  readonly modules: readonly GoModule[];
  readonly build: TargetConfiguration;
  readonly before: ProjectConfiguration | undefined;
}

const commandProject = (command: CommandInputs, { modules, build, before }: CommandProject): ProjectConfiguration => ({
  name: command.name,
  root: command.dir,
  projectType: 'application',
  sourceRoot: command.dir,
  tags: ['go', 'command'],
  implicitDependencies: modulesOf(command, modules),
  targets: { ...before?.targets, build },
});

/** The modules of the command's packages. */
function modulesOf({ dir, dirs }: CommandInputs, modules: readonly GoModule[]): string[] {
  const holding = dirs.map((each) => moduleOf(each, modules));
  const used = modules.filter((module) => module.dir !== dir && holding.includes(module));
  return used.map(moduleName);
}

/** The module that contains a file or directory. */
const moduleOf = (path: string, modules: readonly GoModule[]): GoModule | undefined =>
  [...modules].sort((a, b) => b.dir.length - a.dir.length).find(({ dir }) => isBelow(path, dir));

const isBelow = (path: string, dir: string): boolean => dir === '.' || path === dir || path.startsWith(`${dir}/`);

/**
 * Nx takes 0.6 ms for each fileset of each task. For larger commands, `slipway affected --nx` decides what to build.
 */
const mostDirectories = 1000;
const everything = ['{workspaceRoot}/**/*'];

/**
 * The exact files of the command's packages, so that `nx affected` builds what `slipway affected` lists. If Go does not
 * know them, everything.
 */
function exactInputs(
  { dirs, files, problem }: CommandInputs,
  { settings, extensions }: Omit<TreeInputs, 'modules' | 'commands'>,
): string[] {
  if (problem !== undefined) return everything;
  // A negated pattern would also exclude the tests of a test binary.
  const sources = ['!(*_test).go', `*.{${extensions.filter((each) => each !== 'go').join(',')}}`];
  return [
    ...dirs.flatMap((dir) => sources.map((each) => at(dir, each))),
    ...files.map((file) => at(file)),
    ...settings.map((file) => at(file)),
  ];
}

const at = (...parts: string[]): string => `{workspaceRoot}/${posix.join(...parts)}`;
