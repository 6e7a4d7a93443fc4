import type { RemoteExecution } from '@slipway/adapters';
import { clusterConnection } from '@slipway/freshness';
import { type Cluster, type Environment, FailureError, type RemoteExecutionSettings, type Tree } from '@slipway/model';
import type { CommandLine } from './parse-arguments.ts';

/** The default path of Go on workers. */
const GO = '/usr/local/go/bin/go';
/** Default jobs: for one scheduler, whose workers are unknown, and for each node. */
const JOBS = { scheduler: 8, node: 2 } as const;
/** How long a step may wait for a worker before slipway runs it here. */
const QUEUE_SECONDS = 120;

/** The variable for all settings that do not belong to a single run. */
const NAME = 'SLIPWAY_REMOTE_EXECUTION';

/**
 * The cluster's settings: the command line overrides the environment, which overrides the tree. Undefined without any.
 */
export function clusterOf(
  { remote }: Pick<CommandLine, 'remote'>,
  { remoteExecution }: Pick<Tree, 'remoteExecution'>,
  environment: Environment,
): Cluster | undefined {
  const own = remote.url ?? (environment[NAME] || undefined);
  const url = own ?? remoteExecution?.endpoint;
  if (url === undefined || url === 'none') return undefined;
  // The cache belongs to the cluster: the tree's cache is used only with the tree's cluster.
  const { cache: _, ...ofWorkers } = remoteExecution ?? {};
  const said: Partial<RemoteExecutionSettings> = {
    ...(own === undefined ? remoteExecution : ofWorkers),
    ...saidBy(environment),
  };
  const executors = url.split(',').map((each) => withInstance(each.trim(), said.instance));
  for (const each of [...executors, ...(said.cache === undefined ? [] : [said.cache])])
    if (!/^grpcs?:\/\/[^/\s]+/.test(each))
      throw new FailureError({ code: 'BAD_VALUE', variable: NAME, value: each, expected: 'grpc://host:port' });
  return {
    executors,
    cache: said.cache === undefined ? undefined : withInstance(said.cache, said.instance),
    properties: said.properties ?? {},
    jobs: remote.jobs ?? said.jobs ?? (executors.length === 1 ? JOBS.scheduler : JOBS.node * executors.length),
    localJobs: remote.localJobs,
    go: said.go ?? GO,
    goCache: said.goCache,
    queueSeconds: QUEUE_SECONDS,
    verify: remote.verify,
    isNamedByTree: own === undefined,
  };
}

function saidBy(environment: Environment): Partial<RemoteExecutionSettings> {
  const { cache, go, goCache, properties } = {
    cache: environment[`${NAME}_CACHE`],
    go: environment[`${NAME}_GO`],
    goCache: environment[`${NAME}_GOCACHE`],
    properties: environment[`${NAME}_PROPERTIES`],
  };
  return {
    ...(cache && { cache }),
    ...(go && { go }),
    ...(goCache && { goCache }),
    ...(properties && { properties: Object.fromEntries(properties.split(',').map(pairOf)) }),
  };
}

/** `pool=go`. */
function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new FailureError({ code: 'BAD_VALUE', variable: `${NAME}_PROPERTIES`, value: text, expected: 'NAME=VALUE,…' });
}

/** Adds the instance to `grpc://host:port`, unless the address has one. */
const withInstance = (url: string, instance: string | undefined): string =>
  instance === undefined || /^grpcs?:\/\/[^/]+\/./.test(url) ? url : `${url.replace(/\/$/, '')}/${instance}`;

/** The name in records. */
export const nameOfCluster = ({ executors }: Cluster): string => executors.join(', ');

/** Loads gRPC only if there is a cluster. */
export async function openCluster(cluster: Cluster, environment: Environment): Promise<RemoteExecution> {
  const { executors, cache, isNamedByTree } = cluster;
  const urls = cache === undefined ? executors : [...executors, cache];
  const { realRemoteExecution } = await import('@slipway/adapters/remote-execution');
  return realRemoteExecution({
    ...clusterConnection(environment, urls, isNamedByTree),
    ...{ executors, cache, queueSeconds: cluster.queueSeconds },
    jobsPerExecutor: Math.max(1, Math.ceil(cluster.jobs / executors.length)),
  });
}
