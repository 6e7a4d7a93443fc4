import { basename } from 'node:path/posix';
import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { type Outcome, type Step, printable } from '@slipway/model';
import { askSlipway, failureText } from './slipway.ts';

export interface BuildOptions {
  /** A word of WHAT. */
  readonly target: string;
}

interface TaskOutcome {
  readonly success: boolean;
  readonly terminalOutput: string;
  readonly status: 'success' | 'failure' | 'skipped';
}

/** Builds all commands of one Nx run together, so that Go loads the tree once. The result is by task id. */
export async function buildBatch(
  _graph: TaskGraph,
  options: Readonly<Record<string, BuildOptions>>,
  _overrides: unknown,
  { root }: Pick<ExecutorContext, 'root'>,
): Promise<Record<string, TaskOutcome>> {
  const targets = Object.values(options).map((each) => each.target);
  const { ok, said } = askSlipway(root, ['all', `WHAT=${targets.join(' ')}`, '--keep-going']);
  const outcomes = Object.entries(options).map(
    ([task, { target }]) => [task, outcomeOf(basename(target), ok, said)] as const,
  );
  // Nx shows what a batch prints, not what it returns.
  const texts = new Set(outcomes.map(([, { terminalOutput }]) => `${terminalOutput}\n`));
  process.stdout.write(printable([...texts].join('')));
  return Object.fromEntries(outcomes);
}

export async function buildOne(options: BuildOptions, context: Pick<ExecutorContext, 'root'>): Promise<TaskOutcome> {
  const { task } = await buildBatch({} as TaskGraph, { task: options }, undefined, context);
  return task!;
}

interface Finished {
  readonly kind: string;
  readonly step: Step;
  readonly outcome: Outcome;
  readonly output: string;
}

/**
 * The outcome of a command is the outcome of the steps that make its files; without such a step, the outcome of the
 * run.
 */
export function outcomeOf(command: string, ok: boolean, said: readonly unknown[]): TaskOutcome {
  const steps = (said as readonly Finished[]).filter(
    ({ kind, step }) => kind === 'step-finished' && step.outputs.some((path) => nameOf(path) === command),
  );
  const lines = steps.map(({ step, outcome }) => `${outcome.is}: ${step.title} (${outcome.why})`);
  if (steps.length === 0) return result(ok ? 'success' : 'failure', [ok ? 'nothing changed' : failureText(said)]);
  const failed = steps.find(({ outcome }) => outcome.is === 'failed');
  if (failed !== undefined) return result('failure', [...lines, failed.output]);
  return result(steps.some(({ outcome }) => outcome.is === 'skipped') ? 'skipped' : 'success', lines);
}

const nameOf = (path: string): string => basename(path).replace(/\.exe$/, '');

const result = (status: TaskOutcome['status'], lines: readonly string[]): TaskOutcome => ({
  success: status === 'success',
  terminalOutput: lines.join('\n'),
  status,
});
