import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileMemo, memoryMemo } from '@slipway/adapters';
import { type GraphQuestion, type PackageGraph, keepGraphs, openIndex, questionOf } from '@slipway/freshness';
import type { ExecStep, GoPart } from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import { planGoals } from './commands/build.ts';
import type { Asking } from './world.ts';

/** The commands of one Go invocation with the packages they are made of. */
export interface CommandGraph {
  readonly step: ExecStep;
  readonly parts: readonly GoPart[];
  readonly question: GraphQuestion;
  readonly graph: PackageGraph;
}

/** The graphs of what the goals of a command line would build (all commands without one), kept or asked. */
export async function readGraphs(asking: Asking): Promise<CommandGraph[]> {
  const { world, line } = asking;
  const { plan, facts } = await planGoals(asking);
  const memory = absolute(plan.root, outputNames(line.variables).memory);
  const index = openIndex(join(memory, 'index'), { root: plan.root });
  // A tree that was never built has nowhere to remember; a question is no reason to make a place.
  const remembers = existsSync(memory);
  const graphs = keepGraphs({
    memo: remembers ? fileMemo(join(memory, 'graphs')) : memoryMemo(),
    index,
    runner: world.runner,
    signal: world.signal,
  });
  const result: CommandGraph[] = [];
  for (const step of plan.steps) {
    if (step.kind !== 'exec' || step.go === undefined) continue;
    const question = questionOf(step, step.go, { toolchain: facts.toolchain, environment: plan.environment });
    const roots = step.go.parts.map((part) => ({ importPath: part.importPath, test: part.test }));
    result.push({ step, parts: step.go.parts, question, graph: (await graphs.load(question, roots)).graph });
  }
  if (remembers) index.save();
  return result;
}
