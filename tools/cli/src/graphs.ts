import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileMemo, sealedMemo } from '@slipway/adapters';
import {
  type ContentIndex,
  type GraphQuestion,
  type GraphStore,
  type NativeReader,
  type PackageGraph,
  type Reads,
  goListQuery,
  keepGraphs,
  nativeQuestion,
  openIndex,
  readNative,
  readReads,
} from '@slipway/freshness';
import { type ExecStep, goBuildOf } from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import { planGoals } from './commands/build.ts';
import { type GoCommand, goCommandsOf } from './go-commands.ts';
import type { CommandLine } from './parse-arguments.ts';
import { runRecordDirectory } from './run-record-directory.ts';
import type { Asking, World } from './world.ts';

/** The commands of one Go invocation with the packages they are made of. */
export interface CommandGraph {
  readonly step: ExecStep;
  readonly commands: readonly GoCommand[];
  readonly question: GraphQuestion;
  readonly graph: PackageGraph;
  /** What is read for a command that the graph does not name. */
  readsOf(command: GoCommand): Promise<Reads>;
}

/** The graphs of what the goals of a command line would build (all commands without one), kept or asked. */
export async function readGraphs(asking: Asking): Promise<CommandGraph[]> {
  const { world, line } = asking;
  const { plan, facts } = await planGoals(asking);
  const { index, graphs, native } = openQuestions(plan.root, line, world);
  const result: CommandGraph[] = [];
  for (const step of plan.steps) {
    const build = goBuildOf(step);
    if (step.kind !== 'exec' || build === undefined) continue;
    const { host } = plan.places;
    const question = goListQuery(step, build, { toolchain: facts.toolchain, environment: plan.environment, host });
    const commands = goCommandsOf(step);
    const { graph } = await graphs.load(question, commands);
    const asked = nativeQuestion(build, question, plan.places[step.place]?.container?.image);
    const readsOf = (command: GoCommand): Promise<Reads> =>
      readReads({ asked, closure: graph.closureOf(command), native, index });
    result.push({ step, commands, question, graph, readsOf });
  }
  index.save();
  return result;
}

/** What is known of a tree's packages: where its builds keep it, or, as a question makes no place in a tree, with the user. */
export function openQuestions(
  root: string,
  line: CommandLine,
  world: World,
): { readonly index: ContentIndex; readonly graphs: GraphStore; readonly native: NativeReader } {
  const ofBuilds = absolute(root, outputNames(line.variables).memory);
  const caches = runRecordDirectory(world.environment);
  const memory =
    existsSync(ofBuilds) || caches === undefined
      ? ofBuilds
      : join(caches, `asked-${hash('sha256', root).slice(0, 16)}`);
  const index = openIndex(join(memory, 'index'), { root, seal: world.seal });
  const memo = sealedMemo(fileMemo(join(memory, 'graphs')), world.seal);
  const { runner, signal } = world;
  return {
    index,
    graphs: keepGraphs({ memo, index, runner, signal }),
    native: readNative({ root, index, memo, runner, signal }),
  };
}
