import { dirname } from 'node:path/posix';
import type { ProjectConfiguration } from '@nx/devkit';
import { parseGoModule } from './go-mod.ts';
import { goTarget, integrationTarget } from './targets.ts';

export interface GoDependency {
  readonly from: string;
  readonly to: string;
  /** The file that says so. */
  readonly file: string;
}

export interface GoProjects {
  readonly projects: Record<string, ProjectConfiguration>;
  readonly dependencies: readonly GoDependency[];
}

type ReadText = (path: string) => string;

/**
 * A project per module (`components`, and `staging/src/<domain>/<module>` by its module path) and per command in
 * `components/cmd`. A command depends on its module, a module on the staging modules its go.mod requires.
 */
export function goProjects(files: readonly string[], read: ReadText): GoProjects {
  const modules = files.filter(isGoMod).map((file) => {
    const { module, requires } = parseGoModule(read(file));
    return { file, dir: dirname(file), module, requires, name: file === 'components/go.mod' ? 'components' : module };
  });
  const commandFiles = new Map(files.filter((file) => commandFile.test(file)).map((file) => [dirname(file), file]));
  const names = new Map(modules.map(({ module, name }) => [module, name]));
  return {
    projects: Object.fromEntries([
      ...modules.map(({ dir, name }) => [dir, moduleProject(dir, name, files)] as const),
      ...[...commandFiles.keys()].map((dir) => [dir, commandProject(dir)] as const),
    ]),
    dependencies: [
      ...modules.flatMap(({ file, name, requires }) =>
        requires.flatMap((required) => {
          const to = names.get(required);
          return to === undefined ? [] : [{ from: name, to, file }];
        }),
      ),
      ...[...commandFiles].map(([dir, file]) => ({ from: commandName(dir), to: 'components', file })),
    ],
  };
}

const commandFile = /^components\/cmd\/[^/]+\/[^/]+\.go$/;
const isGoMod = (file: string): boolean => /^(?:components|staging\/src\/[^/]+\/[^/]+)\/go\.mod$/.test(file);
const commandName = (dir: string): string => dir.slice(dir.lastIndexOf('/') + 1);

const moduleProject = (dir: string, name: string, files: readonly string[]): ProjectConfiguration => ({
  name,
  root: dir,
  projectType: 'library',
  sourceRoot: dir,
  tags: ['go'],
  targets: {
    test: goTarget({ verb: 'test', dir }),
    vet: goTarget({ verb: 'vet', dir }),
    ...(files.some((file) => file.startsWith(`${dir}/test/integration/`))
      ? { 'test-integration': integrationTarget }
      : {}),
  },
});

/** Not cached by Nx: slipway itself decides what is stale, and keeps Go's previous binary where Go needs it (D4, D6). */
const commandProject = (dir: string): ProjectConfiguration => ({
  name: commandName(dir),
  root: dir,
  projectType: 'application',
  sourceRoot: dir,
  tags: ['go', 'command'],
  targets: {
    build: {
      command: `node tools/cli/src/main.ts all WHAT=${dir}`,
      cache: false,
      // For `nx affected`: its own files, its module's, and those of the staging modules it requires.
      inputs: ['go', '^go', 'goWorkspace'],
      metadata: { description: `slipway all WHAT=${dir}`, technologies: ['go'] },
    },
  },
});
