import { join } from 'node:path/posix';
import { type Environment, FailureError, type GenerateStep, type Plan } from '@slipway/model';
import { failureOfOutput } from '../failure-of-output.ts';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

/** Runs a generator in a separate directory, moves its files to the tree, and removes files that it no longer makes. */
export async function performGenerate(step: GenerateStep, performing: Performing): Promise<Performed> {
  const { plan, files, signal } = performing;
  const scratch = pathIn(plan, step.scratch);
  await files.ensureEmptyDirectory(scratch);
  try {
    for (const path of step.copies) await files.publishFile(pathIn(plan, path), join(scratch, path));
    const output = await run(step, step.argv, performing);
    if (step.gofmt !== undefined)
      await run(step, [step.gofmt, '-s', '-w', ...step.files.map(({ from }) => pathIn(plan, from))], performing);
    for (const each of step.equal) await requireEqual(each, performing);
    let changed = 0;
    for (const { from, to } of step.files) {
      signal.throwIfAborted();
      const text = await files.readTextIfExists(pathIn(plan, from));
      if (text === undefined) await files.removeTree(pathIn(plan, to));
      else if ((await files.writeFileWhole(pathIn(plan, to), text)) === 'written') changed += 1;
    }
    return { outcome: { is: 'ran', why: `${changed} of ${step.files.length} changed` }, output };
  } finally {
    await files.removeTree(scratch);
  }
}

async function run(step: GenerateStep, argv: readonly string[], { plan, runner, signal }: Performing): Promise<string> {
  const result = await runner.run({ argv, cwd: pathIn(plan, step.cwd), env: environmentOf(step, plan), signal });
  if (result.exit === 0) return result.output;
  throw Object.assign(new FailureError(failureOfOutput(step, plan, result)), { output: result.output });
}

const environmentOf = (step: GenerateStep, plan: Plan): Environment =>
  Object.fromEntries(
    Object.entries({ ...plan.environment, ...step.env }).filter(
      ([name]) => !step.unset.includes(name) || name in step.env,
    ),
  );

async function requireEqual(
  { made, known, hint }: GenerateStep['equal'][number],
  { plan, files }: Performing,
): Promise<void> {
  const [found, expected] = await Promise.all(
    [made, known].map(async (path) => (await files.readTextIfExists(pathIn(plan, path))) ?? ''),
  );
  if (found === expected) return;
  const [now, before] = [linesOf(found!), linesOf(expected!)];
  const difference = [
    ...[...now].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
    ...[...before].filter((line) => !now.has(line)).map((line) => `- ${line}`),
  ];
  throw new FailureError({ code: 'NOT_AS_KNOWN', path: known, difference, hint });
}

const linesOf = (text: string): Set<string> => new Set(text.split('\n').filter((line) => line !== ''));
