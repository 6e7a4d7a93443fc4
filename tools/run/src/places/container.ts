import { basename, dirname } from 'node:path/posix';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { CommandResult } from '@slipway/adapters';
import {
  ACTION_GRAPH,
  type Action,
  type Call,
  type ExecStep,
  type Failure,
  FailureError,
  type Place,
  type Ran,
  type TakeLine,
  goBuildOf,
  pathAt,
} from '@slipway/model';
import { failureOfOutput } from '../failure-of-output.ts';
import { containersOf } from '../perform/containers.ts';
import { pathIn } from '../perform/path-in.ts';
import type { Performing, Running } from '../perform/performing.ts';
import { callFor } from './call.ts';
import type { RunningPlace } from './port.ts';

/** The build container of the plan. After a call, its outputs are on this machine. */
export const containerPlace: RunningPlace = { run };

async function run(step: ExecStep, running: Running, performing: Performing): Promise<Ran> {
  const { plan } = performing;
  const place = plan.places.container;
  if (place?.container === undefined) throw new Error(`run: ${step.id} runs in a container, and the plan has none`);
  // Only Go is known not to change the sources.
  if (goBuildOf(step) === undefined)
    for (const other of plan.steps)
      if (other.kind === 'sync') await containersOf(performing).sync.markDirty(pathIn(plan, other.manifest));
  const call = callFor(step, place, { ...running, flags: running.flags.map(inContainer) });
  if (step.attached) {
    await runAttached(call, place, performing);
    return { output: '', passed: running.actions };
  }
  const inside: Inside = { step, place, performing, take: running.take };
  await clear(running.actions, inside);
  const result = await execute(call, inside);
  await fetchActionGraph(running.flags, inside);
  if (result.exit === 0) {
    await fetch(running.actions, inside);
    return { output: result.output, passed: running.actions };
  }
  const made = await thoseMade(running.actions, inside);
  await fetch(made, inside);
  const failure = fullEngine(failureOfOutput(step, plan, result), step);
  return { output: result.output, passed: made, failure: new FailureError(failure) };
}

/** Go writes its action graph there, and slipway copies it to this machine. */
const inContainer = (flag: string): string =>
  flag.startsWith(ACTION_GRAPH) ? `${ACTION_GRAPH}/tmp/${basename(dirname(flag))}.json` : flag;

/** Without the graph the times are unknown, which is not a failure. */
async function fetchActionGraph(flags: readonly string[], { place, performing }: Inside): Promise<void> {
  const files = flags
    .filter((flag) => flag.startsWith(ACTION_GRAPH))
    .map((flag) => ({ from: inContainer(flag).slice(ACTION_GRAPH.length), to: flag.slice(ACTION_GRAPH.length) }));
  const { name: container, user } = place.container!;
  const { sync } = containersOf(performing);
  if (performing.signal.aborted) return;
  await sync.fetch({ container, user, files, signal: performing.signal }).catch((error: unknown) => {
    if (!(error instanceof FailureError)) throw error;
  });
}

interface Inside {
  readonly step: ExecStep;
  readonly place: Place;
  readonly performing: Performing;
  readonly take?: TakeLine | undefined;
}

/** Outputs of actions: here, and in the container. */
const outputsOf = (actions: readonly Action[], { place, performing: { plan } }: Inside) =>
  actions.flatMap(({ outputs }) =>
    outputs.map((output) => ({ from: pathAt(output, plan.places, place), to: pathIn(plan, output) })),
  );

/**
 * Removes incomplete binaries. Go takes a file as finished if its first bytes say so, but a killed container may have
 * left half of one.
 */
async function clear(actions: readonly Action[], inside: Inside): Promise<void> {
  const paths = outputsOf(actions, inside).map(({ from }) => from);
  if (paths.length === 0) return;
  for (const argv of [
    ['rm', '-f', '--', ...paths],
    ['mkdir', '-p', '--', ...new Set(paths.map((path) => dirname(path)))],
  ]) {
    const result = await execute({ ...callFor(inside.step, inside.place, { actions: [], flags: [] }), argv }, inside);
    if (result.exit === 0) continue;
    throw new FailureError(fullEngine(failureOfOutput(inside.step, inside.performing.plan, result), inside.step));
  }
}

/** The actions whose files exist now and did not exist before. */
async function thoseMade(actions: readonly Action[], inside: Inside): Promise<Action[]> {
  const { engine } = containersOf(inside.performing);
  const made: Action[] = [];
  for (const action of actions) {
    const there = await Promise.all(
      outputsOf([action], inside).map(({ from }) => engine.hasFile(inside.place.container!.name, from)),
    );
    if (there.length > 0 && there.every(Boolean)) made.push(action);
  }
  return made;
}

async function fetch(actions: readonly Action[], inside: Inside): Promise<void> {
  const { name, user } = inside.place.container!;
  const { sync } = containersOf(inside.performing);
  const { signal } = inside.performing;
  await sync.fetch({ container: name, user, signal, files: outputsOf(actions, inside) });
}

async function execute({ argv, cwd, env }: Call, { place, performing, take }: Inside): Promise<CommandResult> {
  const { name: container, user } = place.container!;
  const both = new PassThrough();
  const printed = take === undefined ? text(both) : textLeft(both, take);
  const exit = await containersOf(performing)
    .engine.execute({ container, user, argv, cwd, env, output: both, errors: both, signal: performing.signal })
    .finally(() => both.end());
  const output = await printed;
  return { exit, signal: undefined, output, stdout: output, stderr: '' };
}

/** The lines that `take` does not consume. */
async function textLeft(stream: Readable, take: TakeLine): Promise<string> {
  let left = '';
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity }))
    if (!take(line)) left += `${line}\n`;
  return left;
}

/** The engine's disk is full, not this machine's. */
const fullEngine = (failure: Failure, step: ExecStep): Failure =>
  failure.code === 'DISK_FULL' ? { code: 'ENGINE_FULL', what: step.title } : failure;

/** The program uses slipway's terminal, or its input and output. */
async function runAttached({ argv, cwd, env }: Call, place: Place, performing: Performing): Promise<void> {
  const { engine, terminal } = containersOf(performing);
  const { name: container, user } = place.container!;
  const { input, output, errors, size } = terminal;
  using _keys = size === undefined ? undefined : terminal.takeKeys();
  const exit = await engine.execute({
    ...{ container, user, argv, cwd, output, errors, signal: performing.signal },
    env: { ...env, ...(size === undefined ? {} : { TERM: performing.plan.environment['TERM'] ?? 'xterm' }) },
    ...(size === undefined ? {} : { input, terminal: size }),
  });
  if (exit !== 0) throw new FailureError({ code: 'COMMAND_ENDED', command: argv.join(' '), exit });
}
