import { delimiter, join } from 'node:path';
import { fileMemo, memoryMemo, sealedMemo } from '@slipway/adapters';
import {
  type ContentIndex,
  type GraphStore,
  type ImageTools,
  type SharedStore,
  type UpToDateCheck,
  believes,
  openUpToDateCheck,
  openIndex,
  openStates,
  readNative,
} from '@slipway/freshness';
import { type EmitEvent, type Environment, type Facts, type Plan, labels } from '@slipway/model';
import { type OutputNames, absolute } from '@slipway/plan';
import { nameOfCluster } from './cluster.ts';
import type { CommandLine } from './parse-arguments.ts';
import { openStores, sharedGraphs } from './open-stores.ts';
import type { Services } from './services.ts';

/** Everything that decides freshness for one run in one tree. */
export interface Incremental {
  readonly check: UpToDateCheck;
  readonly index: ContentIndex;
  /** Files and directories that this run's knowledge depends on, besides those in the index. */
  readonly inputs: readonly string[];
  /** Paths where a Go is, or where an earlier one on PATH would be. Their permissions count, too. */
  readonly programs: readonly string[];
  readonly graphs: GraphStore;
  /** Undefined without a shared cache. */
  readonly shared: SharedStore | undefined;
}

interface Opening {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly names: OutputNames;
  /** Restore nothing. */
  readonly looksOnly?: true;
}

export async function openIncremental(
  { plan, facts, names, looksOnly }: Opening,
  line: CommandLine,
  services: Services,
  emit?: EmitEvent,
): Promise<Incremental> {
  const { tree, toolchain } = facts;
  const memory = absolute(tree.root, names.memory);
  const index = openIndex(join(memory, 'index'), { ...services, root: tree.root });
  const programs = toolchainPaths(facts);
  const inputs = [...services.disk.pathsRead(), ...programs];
  for (const path of inputs) index.look(path);
  const memo = sealedMemo(fileMemo(join(memory, 'graphs')), services.seal);
  const cluster = plan.places.remote?.cluster && nameOfCluster(plan.places.remote.cluster);
  const opened = await openStores({ ...facts, cluster }, line, services);
  const { store, shared, belief, scope } = opened;
  const graphs = sharedGraphs(opened, { root: tree.root, memory, memo, index }, services);
  const check = openUpToDateCheck({
    root: tree.root,
    places: plan.places,
    emit,
    toolchain,
    environment: facts.environment,
    graphs,
    native: readNative({ ...services, root: tree.root, index }),
    compiled: services.caches === undefined ? memoryMemo() : fileMemo(join(services.caches, 'compiled')),
    index,
    states: openStates(memory, { ...services, believes: (from) => believes(belief, from) }),
    store: looksOnly ? undefined : store,
    scope,
    signal: services.signal,
    always: line.always,
    imageTools: (image, path) => toolsOfImage(services.memo.get(imageMemoKey(image)), path),
  });
  return { check, index, inputs, programs, graphs, shared };
}

/** The record of an image's labels, so that slipway can look up its builds without an engine. */
export const imageMemoKey = (reference: string): string => `image ${reference}`;

/** A pulled image does not list its compilers. Then the image itself is part of the key. */
function toolsOfImage(known: string | undefined, path: string): ImageTools | undefined {
  if (known === undefined) return undefined;
  const { [labels.compilers]: compilers = '{}', [labels.key]: key } = JSON.parse(known) as Environment;
  const compiler = (JSON.parse(compilers) as Environment)[path] ?? key;
  return compiler === undefined ? undefined : { compiler, contents: key ?? known };
}

/** A new Go earlier on PATH, or a replaced Go, changes the answer. */
export function toolchainPaths({ toolchain, environment }: Facts): string[] {
  const onPath = (environment['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  return [toolchain.command, join(toolchain.goroot, 'VERSION'), ...onPath.map((dir) => join(dir, 'go'))];
}
