// Starts a cluster that runs actions, on this machine, and ends it with Ctrl-C:
//   node hack/start-cluster.ts casd|buildgrid [--workers N] [--jobs N]
// casd: nodes without a scheduler, as tests use them. buildgrid: a scheduler with a queue, on Debian; the first time takes minutes.
import { once } from 'node:events';
import { startBuildGrid, startCasdCluster } from '@slipway/testing';
import { scriptArguments } from './lib/arguments.ts';

const usage = 'node hack/start-cluster.ts casd|buildgrid [--workers N] [--jobs N]';
const { values, positionals } = scriptArguments(usage, { workers: { type: 'string' }, jobs: { type: 'string' } }, 1);
const workers = Number(values.workers ?? 2);
const jobs = Number(values.jobs ?? 1);
const say = (line: string): void => console.log(line);

const signals = new AbortController();
const stopped = Promise.race(
  ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name, { signal: signals.signal })),
);
const starting =
  positionals[0] === 'buildgrid' ? startBuildGrid({ workers, jobs, say }) : startCasdCluster({ nodes: workers, jobs });
await using cluster = await starting;
say(`--remote ${cluster.executors.join(',')}`);
say(
  `remoteExecution: ${JSON.stringify({ endpoint: cluster.executors.join(','), cache: cluster.cache, properties: cluster.platform })}`,
);
say(`logs are in ${cluster.directory}; Ctrl-C ends it`);
await stopped;
