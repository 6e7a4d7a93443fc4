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
  keepGraphs,
  openIndex,
  questionOf,
  readNative,
  readReads,
} from '@slipway/freshness';
import type { ExecStep, GoPart } from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import { planGoals } from './commands/build.ts';
import type { CommandLine } from './parse-arguments.ts';
import { runRecordDirectory } from './run-record-directory.ts';
import type { Asking, World } from './world.ts';

/** The commands of one Go invocation with the packages they are made of. */
export interface CommandGraph {
  readonly step: ExecStep;
  readonly parts: readonly GoPart[];
  readonly question: GraphQuestion;
  readonly graph: PackageGraph;
  /** What is read for a command that the graph does not name. */
  readsOf(part: GoPart): Promise<Reads>;
}

/** The graphs of what the goals of a command line would build (all commands without one), kept or asked. */
export async function readGraphs(asking: Asking): Promise<CommandGraph[]> {
  const { world, line } = asking;
  const { plan, facts } = await planGoals(asking);
  const { index, graphs, native } = openQuestions(plan.root, line, world);
  const result: CommandGraph[] = [];
  for (const step of plan.steps) {
    if (step.kind !== 'exec' || step.go === undefined) continue;
    const question = questionOf(step, step.go, { toolchain: facts.toolchain, environment: plan.environment });
    const roots = step.go.parts.map((part) => ({ importPath: part.importPath, test: part.test }));
    const { go } = step;
    const { graph } = await graphs.load(question, roots);
    const readsOf = (part: GoPart): Promise<Reads> =>
      readReads({ go, question, closure: graph.closureOf(part), native, index });
    result.push({ step, parts: go.parts, question, graph, readsOf });
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
