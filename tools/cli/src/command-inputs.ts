import { basename, dirname, join } from 'node:path/posix';
import { inputsOf, sourceExtensions } from '@slipway/freshness';
import { pathsRead } from '@slipway/facts';
import type { CommandInputs, GoPart, Tree, TreeInputs } from '@slipway/model';
import { placeInTree } from './place-in-tree.ts';
import { type CommandGraph, readGraphs } from './graphs.ts';
import type { Asking } from './world.ts';

/** What the commands of the goals (all of them without one) are made of. One answer, for `affected` and for Nx. */
export async function readInputs(asking: Asking): Promise<TreeInputs> {
  const tree = await asking.tree();
  const graphs = await readGraphs(asking);
  const placeOf = placeInTree(tree.root);
  return {
    modules: tree.modules,
    settings: settingsOf(tree),
    extensions: sourceExtensions,
    commands: await Promise.all(
      graphs.flatMap((each) =>
        each.parts.map((part) => commandInputs(part, each, { commands: tree.commands, root: tree.root, placeOf })),
      ),
    ),
  };
}

/** Module files, what chooses the Go, and the configuration or scripts the tree is known from. */
export const settingsOf = ({ modules, root }: Pick<Tree, 'modules' | 'root'>): string[] => [
  ...['.go-version', 'go.work', 'go.work.sum', 'vendor/modules.txt'],
  ...modules.flatMap(({ dir }) => ['go.mod', 'go.sum'].map((name) => join(dir, name))),
  ...below(
    pathsRead().filter((path) => /\.(sh|json|[cm]?[jt]s)$/.test(path)),
    root,
  ),
];

interface Tellable {
  readonly commands: Tree['commands'];
  readonly root: string;
  readonly placeOf: ReturnType<typeof placeInTree>;
}

async function commandInputs(
  part: GoPart,
  { graph, question, readsOf }: CommandGraph,
  { commands, root, placeOf }: Tellable,
): Promise<CommandInputs> {
  const closure = graph.closureOf(part);
  const reads = await readsOf(part);
  const { dirs, files } = inputsOf(closure);
  const problem = closure.problem ?? reads.problem;
  const target = commands.find((command) => command.name === part.name)?.target ?? part.importPath;
  const main = closure.packages.find((each) => each.importPath === part.importPath)?.dir;
  return {
    name: part.name,
    target,
    dir: (main === undefined ? undefined : placeOf(main)) ?? (part.test ? dirname(target) : target),
    platform: question.platform,
    // What lies beside the tree, as a replaced module may, is nothing git says anything of.
    dirs: dirs.flatMap((dir) => placeOf(dir) ?? []),
    files: [...new Set([...files, ...[...reads.paths].filter((path) => path.startsWith(`${root}/`))])].flatMap(
      (file) => {
        const place = placeOf(dirname(file));
        return place === undefined ? [] : [join(place, basename(file))];
      },
    ),
    ...(problem === undefined ? {} : { problem }),
  };
}
/** Relative to the root. What lies beside the tree, as a replaced module may, is nothing git says anything of. */
const below = (paths: readonly string[], root: string): string[] =>
  paths.flatMap((path) => (path === root ? ['.'] : path.startsWith(`${root}/`) ? [path.slice(root.length + 1)] : []));
