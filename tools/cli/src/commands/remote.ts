import { type Cluster, FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { type ClusterCheck, checkCluster } from '../check-cluster.ts';
import { clusterOf } from '../cluster.ts';
import type { Asking } from '../services.ts';

/** `remote check [URL]`: checks each executor of a cluster, with the tree's settings if there is a tree. */
export async function remote(asking: Asking): Promise<Answer> {
  const [action, url, ...more] = asking.args;
  if (action !== 'check' || more.length > 0)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: action === undefined ? 'remote needs a word' : `remote cannot ${[action, ...more].join(' ')}`,
      hint: 'slipway remote check grpc://host:port',
    });
  const known = await knownOf(asking);
  const { line } = asking;
  const cluster = clusterOf(
    url === undefined ? line : { remote: { ...line.remote, url } },
    known.tree,
    asking.services.environment,
  );
  if (cluster === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'no cluster is named: not here, and not as remoteExecution in slipway.config.ts',
      hint: 'slipway remote check grpc://host:port',
    });
  const results: { url: string; checks: ClusterCheck[] }[] = [];
  for (const each of cluster.executors)
    results.push({ url: each, checks: await checkOne(each, cluster, known.go, asking) });
  return answerOf(results);
}

/** Checks the nodes one by one, because a good node would hide a bad one. */
async function checkOne(
  url: string,
  cluster: Cluster,
  goHere: string | undefined,
  asking: Asking,
): Promise<ClusterCheck[]> {
  const { environment, signal, openCluster } = asking.services;
  const opened = await openCluster({ ...cluster, executors: [url] }, environment);
  try {
    return await checkCluster({ remote: opened, cluster, goHere, signal });
  } finally {
    await opened.close();
  }
}

async function knownOf(asking: Asking) {
  try {
    const { tree, toolchain } = await asking.facts();
    return { tree, go: `go${toolchain.version}` };
  } catch (error) {
    if (!(error instanceof FailureError) || error.failures.some(({ code }) => code !== 'NO_TREE')) throw error;
    return { tree: { remoteExecution: undefined }, go: undefined };
  }
}

const marks = { ok: 'ok    ', warn: 'slack ', failed: 'FAILED' } as const;

function answerOf(results: readonly { readonly url: string; readonly checks: readonly ClusterCheck[] }[]): Answer {
  const lines = results.flatMap(({ url, checks }) => [
    url,
    ...checks.flatMap(({ what, is, says, hint }) => [
      `  ${marks[is]} ${what.padEnd(13)} ${says}`,
      ...(hint === undefined ? [] : [`         hint: ${hint}`]),
    ]),
  ]);
  const all = results.flatMap(({ checks }) => checks.map(({ is }) => is));
  const verdict = all.includes('failed')
    ? 'not fit to build'
    : all.includes('warn')
      ? 'fit to build, and could be better'
      : 'fit to build';
  return answer([...lines, `verdict: ${verdict}`], { verdict, results }, all.includes('failed') ? 'failed' : 'done');
}
