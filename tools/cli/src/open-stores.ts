import { join } from 'node:path';
import type { Memo, Seal } from '@slipway/adapters';
import {
  type Belief,
  type ContentIndex,
  type GraphStore,
  type ReceivingStore,
  type SharedStore,
  type Store,
  believes,
  believingStore,
  copyKnown,
  defaultStoreOptions,
  keepGraphs,
  openStore,
  sharedCacheSettings,
  sharedStore,
  storedGraphs,
  writersOf,
} from '@slipway/freshness';
import type { Environment, Facts, Tree } from '@slipway/model';
import { openRemoteCache } from './open-remote-cache.ts';
import type { CommandLine } from './parse-arguments.ts';
import type { Services } from './services.ts';

/** The sources of results and graphs from other checkouts. */
export interface Stores {
  /** Undefined without a home directory. */
  readonly store: Store | undefined;
  /** The store with a server behind it. The function that opened it must close it. */
  readonly shared: SharedStore | undefined;
  readonly belief: Belief;
  /** The scope of new results. */
  readonly scope: string | undefined;
}

export async function openStores(
  facts: Pick<Facts, 'environment' | 'tree'> & { readonly cluster?: string | undefined },
  line: Pick<CommandLine, 'profile'>,
  services: Services,
): Promise<Stores> {
  const local = await userStore(facts.environment, services.seal);
  const shared = local && (await openShared(local, facts, line, services));
  const belief = beliefOf(facts, line, services);
  // If others can write Go's cache, results from it do not count as this machine's own.
  const scope = belief.trustedOnly || !facts.environment['GOCACHEPROG'] ? undefined : 'GOCACHEPROG';
  return { store: shared ?? (local && believingStore(local, belief)), shared, belief, scope };
}

interface Keeping {
  readonly root: string;
  /** Directory of the records of this checkout. */
  readonly memory: string;
  readonly memo: Memo;
  readonly index: ContentIndex;
}

/** The graphs of a checkout, and those that other checkouts left in the store. */
export function sharedGraphs(
  { store, belief, scope }: Stores,
  { root, memory, memo, index }: Keeping,
  { runner, signal }: Services,
): GraphStore {
  const exchange = store && storedGraphs(store, join(memory, 'graphs-sent'), scope);
  return keepGraphs({
    ...{ memo, index, runner, signal },
    shared: exchange && { root, exchange },
    believes: (from) => believes(belief, from),
  });
}

/** The store of all trees of this user; none without a home directory. */
export async function userStore(environment: Environment, seal: Seal): Promise<ReceivingStore | undefined> {
  const options = await defaultStoreOptions(environment);
  return options && openStore({ ...options, copyLarge: copyKnown(options.directory, seal) });
}

/** Bytes of binaries a second. */
const LINKED = 8 * 2 ** 20;

interface Believing {
  readonly tree: Pick<Tree, 'remoteCache'>;
  /** The cluster that builds for this run. */
  readonly cluster?: string | undefined;
}

/** Undefined if no cache is shared. */
export async function openShared(
  local: ReceivingStore,
  { tree, cluster }: Believing,
  line: Pick<CommandLine, 'profile'>,
  services: Services,
): Promise<SharedStore | undefined> {
  const settings = sharedCacheSettings(services.environment, tree.remoteCache);
  if (settings === undefined) return undefined;
  return sharedStore({
    local,
    remote: await openRemoteCache(settings, LINKED),
    settings,
    ...beliefOf({ tree, cluster }, line, services),
  });
}

/** Which results slipway trusts: of the server, the store and the output. */
function beliefOf(
  { tree, cluster }: Believing,
  { profile }: Pick<CommandLine, 'profile'>,
  { environment }: Services,
): Belief {
  const { signer, trusted } = writersOf(environment, tree.remoteCache);
  return { trustedOnly: profile === 'release' || signer !== undefined, trusted, cluster };
}
