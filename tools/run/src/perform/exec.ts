import { dirname } from 'node:path/posix';
import {
  type ExecStep,
  FailureError,
  type Freshness,
  type GoPart,
  type Outcome,
  type PartVerdict,
} from '@slipway/model';
import { failureOfOutput } from '../failure-of-output.ts';
import { runInside } from './inside.ts';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

/** Runs the program of a step; of a Go step only for the commands that are stale. */
export async function performExec(step: ExecStep, performing: Performing): Promise<Performed> {
  const { freshness } = performing;
  if (freshness === undefined || step.go === undefined) {
    const output = await runProgram({ step, argv: step.argv, parts: step.go?.parts ?? [] }, performing);
    return {
      outcome: { is: 'ran', why: step.go === undefined ? 'it always runs' : 'Go was asked; it redoes what changed' },
      output,
    };
  }
  const early = step.inside === undefined ? undefined : (await performing.needContainers()).verdicts.get(step.id);
  const verdicts = early?.some(isStale) === false ? early : await freshness.judge(step);
  const stale = verdicts.filter(isStale);
  if (stale.length === 0) return { outcome: untouched(verdicts), output: '' };
  return freshness.exclusively(step, stale, async (again) => {
    const last = verdicts.map((verdict) => again.find((other) => other.part === verdict.part) ?? verdict);
    const parts = last.filter(isStale).map((verdict) => verdict.part);
    if (parts.length === 0) return { outcome: untouched(last), output: '' };
    const output = await callGo({ step, argv: withoutParts(step, last), parts }, performing, freshness).catch(
      (error: unknown) => {
        // Who is stopped in the middle may leave half a file.
        if (!performing.signal.aborted) freshness.recordFailure(step, parts);
        throw error;
      },
    );
    return { outcome: ran(last, await freshness.record(step, parts)), output };
  });
}

/** Until what Go made is of what is there now. */
async function callGo(program: Program, performing: Performing, freshness: Freshness): Promise<string> {
  const { step, argv, parts } = program;
  const [go, subcommand, ...rest] = argv;
  const call = await freshness.call(step, parts);
  try {
    let output = '';
    for (let flags: readonly string[] | undefined = call.flags; flags !== undefined; flags = call.settle())
      output += await runProgram({ step, argv: [go!, subcommand!, ...flags, ...rest], parts }, performing);
    return output;
  } finally {
    call.end();
  }
}

const isStale = (verdict: PartVerdict): boolean => verdict.is === 'stale';

export interface Program {
  readonly step: ExecStep;
  readonly argv: readonly string[];
  /** What it makes. */
  readonly parts: readonly GoPart[];
}

/** Its scratch directory is empty before and gone after. */
async function runProgram({ step, argv, parts }: Program, performing: Performing): Promise<string> {
  const { plan, runner, files, signal } = performing;
  if (step.inside !== undefined) return runInside({ step, argv, parts }, performing);
  const scratch = step.scratch === undefined ? undefined : pathIn(plan, step.scratch);
  for (const output of step.outputs) await files.ensureDirectory(dirname(pathIn(plan, output)));
  if (scratch !== undefined) await files.ensureEmptyDirectory(scratch);
  try {
    const env = Object.fromEntries(
      Object.entries({ ...plan.environment, ...step.env }).filter(
        ([name]) => !step.unset.includes(name) || name in step.env,
      ),
    );
    const result = await runner.run({ argv, cwd: pathIn(plan, step.cwd), env, signal });
    if (result.exit === 0) return result.output;
    throw Object.assign(new FailureError(failureOfOutput(step, plan, result)), { output: result.output });
  } finally {
    if (scratch !== undefined) await files.removeTree(scratch);
  }
}

/** The call without the packages of the parts that are not stale. */
function withoutParts(step: ExecStep, verdicts: readonly PartVerdict[]): string[] {
  const wanted = new Set(verdicts.filter(isStale).map((verdict) => verdict.part.importPath));
  const known = new Set(verdicts.map((verdict) => verdict.part.importPath));
  return step.argv.filter((word) => !known.has(word) || wanted.has(word));
}

function untouched(verdicts: readonly PartVerdict[]): Outcome {
  const parts = verdicts.map(({ part, is, why }) => ({ name: part.name, is: is as 'fresh' | 'restored', why }));
  const restored = parts.filter((part) => part.is === 'restored');
  if (restored.length === 0) return { is: 'fresh', why: 'nothing it depends on changed', parts };
  return {
    is: 'restored',
    why: `${counted(restored.length, parts.length)} from the store: ${restored[0]!.why}`,
    parts,
  };
}

function ran(verdicts: readonly PartVerdict[], made: Awaited<ReturnType<Freshness['record']>>): Outcome {
  const parts = verdicts.map(({ part, is, why }) => {
    if (is !== 'stale') return { name: part.name, is, why };
    const unchanged = made.some((each) => each.part === part && !each.changed);
    return { name: part.name, is: 'ran' as const, why: unchanged ? `${why}; Go made the same bytes` : why };
  });
  const stale = parts.filter((part) => part.is === 'ran');
  return { is: 'ran', why: `${counted(stale.length, parts.length)}: ${stale[0]!.why}`, parts };
}

const counted = (count: number, total: number): string => (total === 1 ? 'it' : `${count} of ${total}`);
