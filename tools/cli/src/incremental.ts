import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileMemo, memoryMemo, sealedMemo } from '@slipway/adapters';
import {
  type Belief,
  type ContentIndex,
  type GraphStore,
  type ImageTools,
  type ReceivingStore,
  type SharedStore,
  type UpToDateCheck,
  believes,
  believingStore,
  defaultStoreOptions,
  keepGraphs,
  openUpToDateCheck,
  openIndex,
  openStates,
  openStore,
  readNative,
  sharedCacheSettings,
  sharedStore,
  storedGraphs,
  writersOf,
} from '@slipway/freshness';
import { type Environment, type Facts, type Plan, type Tree, labels } from '@slipway/model';
import { type OutputNames, absolute } from '@slipway/plan';
import type { CommandLine } from './parse-arguments.ts';
import { openRemoteCache } from './open-remote-cache.ts';
import type { Services } from './services.ts';
import { treeRoot } from './tree-root.ts';

/** Everything freshness is decided with, for one run in one tree. */
export interface Incremental {
  readonly check: UpToDateCheck;
  readonly index: ContentIndex;
  /** Files and places the knowledge of this run rests on, apart from those the index was asked for. */
  readonly inputs: readonly string[];
  /** Where a Go is, or would come before it: who may run them matters, too. */
  readonly programs: readonly string[];
  readonly graphs: GraphStore;
  /** Undefined without one. */
  readonly shared: SharedStore | undefined;
}

/** The index of a tree that was built before: while the rest of the world is read, another thread looks at what it knows. */
export function openIndexEarly(names: OutputNames, services: Services): ContentIndex | undefined {
  const root = treeRoot(services.cwd, services.environment);
  const file = indexFile(root, names);
  return existsSync(file) ? openIndex(file, { root, seal: services.seal }) : undefined;
}

const indexFile = (root: string, names: OutputNames): string => join(absolute(root, names.memory), 'index');

interface Opening {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly names: OutputNames;
  /** If it is open already. */
  readonly index?: ContentIndex | undefined;
}

export async function openIncremental(
  { plan, facts, names, index: opened }: Opening,
  line: CommandLine,
  services: Services,
): Promise<Incremental> {
  const { tree, toolchain } = facts;
  const memory = absolute(tree.root, names.memory);
  const index = opened ?? openIndex(indexFile(tree.root, names), { root: tree.root, seal: services.seal });
  const programs = toolchainPaths(facts);
  const inputs = [...services.disk.pathsRead(), ...programs];
  for (const path of inputs) index.look(path);
  const local = await userStore(facts.environment);
  const shared = local && (await openShared(local, facts, line, services));
  const belief = beliefOf(facts, line, services);
  const memo = sealedMemo(fileMemo(join(memory, 'graphs')), services.seal);
  const store = shared ?? (local && believingStore(local, belief));
  // What Go took from a cache that others write to is not this machine's own.
  const scope = belief.trustedOnly || !facts.environment['GOCACHEPROG'] ? undefined : 'GOCACHEPROG';
  const exchange = store && storedGraphs(store, join(memory, 'graphs-sent'), scope);
  const graphs = keepGraphs({
    ...{ memo, index, runner: services.runner, signal: services.signal },
    shared: exchange && { root: tree.root, exchange },
    believes: (from) => believes(belief, from),
  });
  const check = openUpToDateCheck({
    root: tree.root,
    places: plan.places,
    toolchain,
    environment: facts.environment,
    graphs,
    native: readNative({ root: tree.root, index, memo, runner: services.runner, signal: services.signal }),
    compiled: services.caches === undefined ? memoryMemo() : fileMemo(join(services.caches, 'compiled')),
    index,
    states: openStates(memory, { ...services, believes: (from) => believes(belief, from) }),
    store,
    scope,
    signal: services.signal,
    always: line.always,
    imageTools: (image, path) => toolsOfImage(services.memo.get(imageMemoKey(image)), path),
  });
  return { check, index, inputs, programs, graphs, shared };
}

/** Where the labels of an image are remembered, so that what was built with it is looked up without an engine. */
export const imageMemoKey = (reference: string): string => `image ${reference}`;

/** An image that was pulled does not say what its compilers are: then it is itself what decides. */
function toolsOfImage(known: string | undefined, path: string): ImageTools | undefined {
  if (known === undefined) return undefined;
  const { [labels.compilers]: compilers = '{}', [labels.key]: key } = JSON.parse(known) as Environment;
  const compiler = (JSON.parse(compilers) as Environment)[path] ?? key;
  return compiler === undefined ? undefined : { compiler, contents: key ?? known };
}

/** The store all trees of this user share; none without a home. */
export async function userStore(environment: Environment): Promise<ReceivingStore | undefined> {
  const options = await defaultStoreOptions(environment);
  return options === undefined ? undefined : openStore(options);
}

/** Bytes of binaries a second. */
const LINKED = 8 * 2 ** 20;

/** Undefined where no cache is shared. */
export async function openShared(
  local: ReceivingStore,
  { tree }: { readonly tree: Pick<Tree, 'remoteCache'> },
  line: Pick<CommandLine, 'profile'>,
  services: Services,
): Promise<SharedStore | undefined> {
  const settings = sharedCacheSettings(services.environment, tree.remoteCache);
  if (settings === undefined) return undefined;
  return sharedStore({
    local,
    remote: await openRemoteCache(settings, LINKED),
    settings,
    ...beliefOf({ tree }, line, services),
  });
}

/** The same of the server, of the store and of what is in the output. */
function beliefOf(
  { tree }: { readonly tree: Pick<Tree, 'remoteCache'> },
  { profile }: Pick<CommandLine, 'profile'>,
  { environment }: Services,
): Belief {
  const { signer, trusted } = writersOf(environment, tree.remoteCache);
  return { trustedOnly: profile === 'release' || signer !== undefined, trusted };
}

/** A Go that comes earlier on PATH, or another one in its place, is another answer. */
export function toolchainPaths({ toolchain, environment }: Facts): string[] {
  const onPath = (environment['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  return [toolchain.command, join(toolchain.goroot, 'VERSION'), ...onPath.map((dir) => join(dir, 'go'))];
}
