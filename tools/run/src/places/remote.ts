import type { CommandResult, RemoteAction, RemoteOutput, RemoteResult } from '@slipway/adapters';
import { type Action, type ExecStep, FailureError, failureMessage, type Plan, type Ran, pathAt } from '@slipway/model';
import { pathIn } from '../perform/path-in.ts';
import type { Performing, Running } from '../perform/performing.ts';
import { callFor, failed } from './call.ts';
import { hostPlace } from './host.ts';
import { NotRemote } from './not-remote.ts';
import { OTHER_GO, remoteAction } from './input-root.ts';
import type { RunningPlace } from './port.ts';

/**
 * A worker of a cluster. After a call, its outputs are on this machine. Throws NotRemote for steps that must run here.
 */
export const remotePlace: RunningPlace = { run };

async function run(step: ExecStep, running: Running, performing: Performing): Promise<Ran> {
  const { plan, files, freshness, signal, cluster } = performing;
  const { remote: place } = plan.places;
  if (place?.cluster === undefined || cluster === undefined || freshness === undefined)
    throw new Error(`run: ${step.id} runs on a cluster, and the plan has none`);
  const read = freshness.read(running.actions);
  const wanted = running.actions.flatMap((action) => action.outputs);
  const acceptCached = plan.profile !== 'release';
  const action = remoteAction(
    { call: callFor(step, place, running), read, outputs: wanted, acceptCached },
    plan.places,
  );
  if (typeof action === 'string') throw new NotRemote(action, false);
  const result = await executed(action, performing);
  const text = Buffer.concat([result.stdout, result.stderr]).toString();
  const command: CommandResult = { exit: result.exitCode, signal: undefined, output: text, stdout: '', stderr: '' };
  if (result.exitCode !== 0 && !isOfSource(text)) throw new NotRemote(firstLine(text), result.exitCode === OTHER_GO);
  const made = madeOf(running.actions, result, plan);
  const outputs = made
    .flatMap((each) => pathsOf(each, plan))
    .map((each) => ({ ...each, output: fileAt(each.there, result) }));
  const by = place.cluster.executors.join(', ');
  if (isCompared(step, place.cluster.verify)) await compare(step, running, { result, performing });
  try {
    for (const { here, output } of outputs) await files.receiveFile(here, output, (to) => cluster.fetch(output, to));
  } catch (error) {
    throw notRemote(error, signal);
  }
  const fetched = outputs.reduce((sum, { output }) => sum + output.size, 0);
  tell(step, result, fetched, performing);
  if (result.exitCode !== 0) return { ...failed(step, plan, command, made), by };
  return { output: text, passed: made, by };
}

/** For each failed package the compiler names a file and line. Other errors may be the worker's (memory, disk). */
function isOfSource(text: string): boolean {
  const packages = text.split(/^# .*$/m).slice(1);
  return packages.length > 0 && packages.every((said) => /^\S+\.(?:go|s):\d+/m.test(said));
}

/** After a failure, the actions whose files exist. No file existed before, and Go writes each atomically. */
const madeOf = (actions: readonly Action[], { exitCode, outputs }: RemoteResult, plan: Plan): readonly Action[] =>
  exitCode === 0
    ? actions
    : actions.filter((each) => {
        const paths = pathsOf(each, plan);
        return paths.length > 0 && paths.every(({ there }) => outputs.has(there));
      });

/** The result of an action that the cluster did not run. */
async function executed(action: RemoteAction, { cluster, signal }: Performing): Promise<RemoteResult> {
  try {
    return await cluster!.execute(action, { signal });
  } catch (error) {
    throw notRemote(error, signal);
  }
}

function notRemote(error: unknown, signal: AbortSignal): unknown {
  const failure = error instanceof FailureError ? error.failures[0] : undefined;
  // If a file changed during its upload, slipway compiles the new content here.
  const isElsewhere = failure?.code.startsWith('REMOTE_') === true || failure?.code === 'UNREADABLE';
  if (failure === undefined || signal.aborted || !isElsewhere) return error;
  const isGone =
    failure.code === 'REMOTE_UNREACHABLE' || failure.code === 'REMOTE_REFUSED' || failure.code === 'REMOTE_LOST';
  return new NotRemote(failureMessage(failure), isGone);
}

/** Outputs of an action: the worker's path, and the path here. */
const pathsOf = ({ outputs }: Action, plan: Plan): { there: string; here: string }[] =>
  outputs.map((output) => {
    const { places } = plan;
    return {
      there: pathAt(output, places, { ...places.remote!, output: 'out', root: 'tree' }),
      here: pathIn(plan, output),
    };
  });

/** A server may return a directory under the name of a file. */
function fileAt(path: string, { outputs }: RemoteResult): RemoteOutput {
  const output = outputs.get(path);
  if (output === undefined) throw new NotRemote(`${path} came back from the cluster as a directory`, false);
  return output;
}

/** Selects the same steps in each run, so that a difference is reproducible. */
const isCompared = ({ id }: ExecStep, percent: number): boolean => percent > 0 && shareOf(id) < percent;

/** 0 to 99, evenly distributed. */
const shareOf = (id: string): number =>
  [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 99_991, 7) % 100;

/** Builds the same here and compares. Different bytes are a failure, without a decision which are right. */
async function compare(
  step: ExecStep,
  running: Running,
  { result, performing }: { readonly result: RemoteResult; readonly performing: Performing },
): Promise<void> {
  const { plan, files } = performing;
  const here = await hostPlace.run({ ...step, place: 'host' }, running, performing);
  if (here.failure !== undefined) throw here.failure;
  for (const action of running.actions)
    for (const { there, here: path } of pathsOf(action, plan)) {
      const [made, sent] = [await files.digest(path), result.outputs.get(there)?.digest];
      if (made !== sent)
        throw new FailureError({ code: 'CLUSTER_DIFFERS', path, here: made ?? 'nothing', there: sent ?? 'nothing' });
    }
}

function tell(
  step: ExecStep,
  { cached, worker, attempts, times, traffic }: RemoteResult,
  fetched: number,
  { emit }: Performing,
): void {
  emit?.({
    kind: 'remote-executed',
    id: step.id,
    cached,
    worker,
    attempts,
    times,
    traffic: { ...traffic, bytesDown: traffic.bytesDown + fetched },
    at: performance.now(),
  });
}

/** A line `# PACKAGE` only introduces the next one. */
const firstLine = (text: string): string => text.split('\n').find((line) => /^[^#\s]/.test(line)) ?? 'it said nothing';
