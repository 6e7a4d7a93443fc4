import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path/posix';
import { sourceExtensions } from '@slipway/freshness';
import type { Disk } from '@slipway/facts';
import type { CommandInputs, Tree, TreeInputs } from '@slipway/model';
import { moduleFiles } from '@slipway/plan';
import { type PackageInputs, packageInputs } from './affected/package-inputs.ts';
import { placeInTree } from './place-in-tree.ts';
import type { GoCommand } from './go-commands.ts';
import { type CommandGraph, readGraphs } from './graphs.ts';
import type { Asking } from './services.ts';

/** The inputs of one command, and all files that are read for it, by git's names. */
export interface ReadCommand {
  readonly name: string;
  readonly inputs: CommandInputs;
  readonly read: readonly string[];
}

/** The inputs of the goals' commands (without a goal, of all commands). `affected` and Nx share this answer. */
export async function readInputs(asking: Asking): Promise<TreeInputs> {
  const { tree, commands } = await readCommands(asking);
  return {
    modules: tree.modules,
    settings: settingsOf(tree, asking.services.disk),
    extensions: sourceExtensions,
    commands: commands.map(({ inputs }) => inputs),
  };
}

export async function readCommands(asking: Asking): Promise<{ tree: Tree; commands: ReadCommand[] }> {
  const tree = await asking.tree();
  const graphs = await readGraphs(asking);
  const tellable = { commands: tree.commands, placeOf: placeInTree(tree.root), inputs: packageInputs(tree.root) };
  return {
    tree,
    commands: await Promise.all(
      graphs.flatMap((each) => each.commands.map((command) => readCommand(command, each, tellable))),
    ),
  };
}

/**
 * Module files, files that choose the Go version, and the configuration, scripts or Makefiles that describe the tree.
 */
export const settingsOf = (
  tree: Pick<Tree, 'makefiles' | 'modules' | 'root' | 'source' | 'withoutCgo' | 'workFile'>,
  disk: Disk,
): string[] => [
  ...['.go-version', 'go.work', 'go.work.sum'],
  ...Object.values(moduleFiles(tree)).map((path) => (isAbsolute(path) ? relative(tree.root, path) : path)),
  ...below(
    disk
      .pathsRead()
      .filter((path) =>
        (tree.source === 'hack/lib/golang.sh' ? /\.(sh|json|[cm]?[jt]s)$/ : /\.(json|[cm]?[jt]s)$/).test(path),
      ),
    tree.root,
  ),
  ...(tree.makefiles ?? []).flatMap(({ copied }) => copied.files),
  ...(tree.withoutCgo === undefined || tree.makefiles !== undefined ? [] : [tree.withoutCgo.replace(/:\d+$/, '')]),
];

interface Tellable {
  readonly commands: Tree['commands'];
  readonly placeOf: ReturnType<typeof placeInTree>;
  readonly inputs: PackageInputs;
}

async function readCommand(
  part: GoCommand,
  { graph, query, readsOf }: CommandGraph,
  { commands, placeOf, inputs }: Tellable,
): Promise<ReadCommand> {
  const closure = graph.closureOf(part);
  const reads = await readsOf(part);
  const { dirs, files } = inputs.of(closure.packages);
  const others = [...reads.paths].filter((path) => inputs.inRepository(path));
  const all = [...new Set([...files, ...inputs.named(others)])].sort();
  const problem = closure.problem ?? reads.problem;
  const target = commands.find((command) => command.name === part.name)?.target ?? part.importPath;
  const main = closure.packages.find((each) => each.importPath === part.importPath)?.dir;
  const told = {
    name: part.name,
    target,
    dir: (main === undefined ? undefined : placeOf(main)) ?? (part.test ? dirname(target) : target),
    platform: query.platform,
    dirs: dirs.filter((path) => !isBeside(path)),
    files: all.filter((path) => !isBeside(path)),
    ...besideOf({ dirs: dirs.filter(isBeside), files: all.filter(isBeside) }),
    ...(problem === undefined ? {} : { problem }),
  };
  return {
    name: part.name,
    inputs: told,
    read: [...inputs.read(closure.packages), ...inputs.named(others.filter((path) => existsSync(path)))],
  };
}

const besideOf = (beside: NonNullable<CommandInputs['beside']>): Pick<CommandInputs, 'beside'> =>
  beside.dirs.length + beside.files.length === 0 ? {} : { beside };

const isBeside = (path: string): boolean => path === '..' || path.startsWith('../');

/** Relative to the root. */
const below = (paths: readonly string[], root: string): string[] =>
  paths.flatMap((path) => (path === root ? ['.'] : path.startsWith(`${root}/`) ? [path.slice(root.length + 1)] : []));
