import { join } from 'node:path/posix';
import type { CommandResult, ViewReads, Written } from '@slipway/adapters';
import {
  type CheckRun,
  type ExecStep,
  type Failure,
  FailureError,
  type Observed,
  type Ran,
  type Unobserved,
  callIn,
} from '@slipway/model';
import { pathIn } from '../perform/path-in.ts';
import type { Performing, Running } from '../perform/performing.ts';
import { callFor } from '../places/call.ts';

/** Runs a script of the tree in its own view. Reports what it read, and publishes what an updating script wrote. */
export async function runCheck(
  step: ExecStep,
  check: CheckRun,
  running: Running,
  performing: Performing,
): Promise<Ran> {
  const { plan, runner, views, signal } = performing;
  if (views === undefined) throw new Error(`run: ${step.id} runs a script, and nobody has views for it`);
  const { host } = plan.places;
  const { argv, cwd } = callFor(step, host, running);
  const environment = { ...plan.environment, ...callIn(step, host).env };
  const { view: kind, traces } = check;
  const writes = check.kind === 'update' || check.own;
  await using view = await views.open({
    ...{ root: host.root, output: host.output, scratch: pathIn(plan, step.scratch!), environment, signal },
    ...{ view: kind, traces, lists: writes },
  });
  const call = view.call(argv, cwd);
  const started = performance.now();
  const result = await runner.run({ ...call, env: { ...environment, ...call.env }, signal });
  const seconds = (performance.now() - started) / 1000;
  const reads = await view.read();
  noteAsked(step, check, reads, performing);
  const written = writes && result.exit === 0 ? await view.written() : [];
  const wrong = check.kind === 'verify' ? written : [];
  const failure = failureOf(check, { result, seconds, wrong });
  const output = [result.output, ...wrong.map(({ path }) => `${path} differs from what this check would write\n`)].join(
    '',
  );
  const ended = {
    exit: failure === undefined ? 0 : result.exit || 1,
    log: output,
    values: { seconds: String(seconds) },
  };
  const results = new Map(running.actions.map((action) => [action, ended]));
  if (failure !== undefined) return { output, passed: [], results, failure: new FailureError(failure) };
  await publish(written, performing);
  const observed = new Map(running.actions.map((action) => [action, observedBy(check, reads, written)]));
  return { output: [result.output, ...written.map(told)].join(''), passed: running.actions, results, observed };
}

interface Told {
  readonly result: CommandResult;
  readonly seconds: number;
  /** Files with wrong content. */
  readonly wrong: readonly Written[];
}

function failureOf(check: CheckRun, { result, seconds, wrong }: Told): Failure | undefined {
  const { kind, name, remedy, budget } = check;
  const { signal } = result;
  const exit = result.exit === 0 && wrong.length > 0 ? 1 : result.exit;
  if (exit !== 0) return { code: 'CHECK_FAILED', kind, name, exit: exit ?? signal ?? 'an unknown end', remedy };
  return budget === undefined || seconds <= budget ? undefined : { code: 'CHECK_TOO_SLOW', name, seconds, budget };
}

const told = ({ path, from }: Written): string => `${from === undefined ? 'removed' : 'wrote'} ${path}\n`;

/** Nothing is kept of a run that read something outside this machine. */
function observedBy(
  check: CheckRun,
  { observed, asked }: ViewReads,
  written: readonly Written[],
): Observed | Unobserved {
  if (written.length > 0) return { unknown: 'it changed the tree; a run that changes nothing is kept' };
  if (asked.length === 0 || check.keptOnline !== undefined) return observed;
  return {
    unknown: `it used the network (${asked.slice(0, 2).join(', ')}); verify.keptOnline in slipway.config.ts keeps it all the same`,
  };
}

function noteAsked(step: ExecStep, { keptOnline }: CheckRun, { asked }: ViewReads, { emit }: Performing): void {
  if (asked.length === 0 || keptOnline === undefined) return;
  const note = `${step.title} used the network (${asked.slice(0, 2).join(', ')}), and is kept: ${keptOnline}`;
  emit?.({ kind: 'step-noted', step, note, at: performance.now() });
}

/** Publishes each file atomically; nothing if the script failed. */
async function publish(written: readonly Written[], { plan, files, signal }: Performing): Promise<void> {
  signal.throwIfAborted();
  for (const { path, from, link } of written) {
    const to = join(plan.root, path);
    if (from === undefined || link !== undefined) await files.removeTree(to);
    if (link !== undefined) await files.ensureSymlink(to, link);
    else if (from !== undefined) await files.publishFile(from, to, { present: 'other' });
  }
}
