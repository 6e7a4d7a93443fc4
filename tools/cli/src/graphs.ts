import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileMemo, sealedMemo } from '@slipway/adapters';
import {
  type ContentIndex,
  type GoListQuery,
  type GraphStore,
  type NativeReader,
  type PackageGraph,
  type Reads,
  goListQuery,
  nativeQuery,
  openIndex,
  readNative,
  readReads,
} from '@slipway/freshness';
import { type ExecStep, type Facts, goBuildOf } from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import { planGoals } from './commands/build.ts';
import { type GoCommand, goCommandsOf } from './go-commands.ts';
import { openStores, sharedGraphs } from './open-stores.ts';
import type { CommandLine } from './parse-arguments.ts';
import { runRecordDirectory } from './run-record-directory.ts';
import type { Asking, Services } from './services.ts';

/** The commands of one Go invocation, with their packages. */
export interface CommandGraph {
  readonly step: ExecStep;
  readonly commands: readonly GoCommand[];
  readonly query: GoListQuery;
  readonly graph: PackageGraph;
  /** The reads for a command that the graph does not contain. */
  readsOf(command: GoCommand): Promise<Reads>;
}

/** The graphs of the commands that the goals would build (without goals: all commands), from the records or from Go. */
export async function readGraphs(asking: Asking): Promise<CommandGraph[]> {
  const { services, line } = asking;
  const { plan, facts } = await planGoals(asking);
  await using opened = await openGraphs(facts, line, services);
  const { index, graphs, native } = opened;
  const result: CommandGraph[] = [];
  for (const step of plan.steps) {
    const build = goBuildOf(step);
    if (step.kind !== 'exec' || build === undefined) continue;
    const { host } = plan.places;
    const query = goListQuery(step, build, { toolchain: facts.toolchain, environment: plan.environment, host });
    const commands = goCommandsOf(step);
    const { graph } = await graphs.load(query, commands);
    const asked = nativeQuery(build, query, plan.places[step.place]?.container?.image);
    const readsOf = (command: GoCommand): Promise<Reads> =>
      readReads({ asked, closure: graph.closureOf(command), native, index });
    result.push({ step, commands, query, graph, readsOf });
  }
  index.save();
  return result;
}

export interface OpenGraphs extends AsyncDisposable {
  readonly index: ContentIndex;
  readonly graphs: GraphStore;
  readonly native: NativeReader;
}

/**
 * The package graphs of a tree: from the place of its builds, or from the user's cache for a query, which must not
 * write to the tree. Graphs of other checkouts come from the store.
 */
export async function openGraphs(
  facts: Pick<Facts, 'environment' | 'tree'>,
  line: CommandLine,
  services: Services,
): Promise<OpenGraphs> {
  const { root } = facts.tree;
  const ofBuilds = absolute(root, outputNames(line.variables).memory);
  const caches = runRecordDirectory(services.environment);
  const memory =
    existsSync(ofBuilds) || caches === undefined
      ? ofBuilds
      : join(caches, `asked-${hash('sha256', root).slice(0, 16)}`);
  const index = openIndex(join(memory, 'index'), { ...services, root });
  const memo = sealedMemo(fileMemo(join(memory, 'graphs')), services.seal);
  const stores = await openStores(facts, line, services);
  return {
    index,
    graphs: sharedGraphs(stores, { root, memory, memo, index }, services),
    native: readNative({ ...services, root, index }),
    async [Symbol.asyncDispose]() {
      await stores.shared?.finish(services.signal.aborted ? 0 : stores.shared.latencyBudget);
    },
  };
}
