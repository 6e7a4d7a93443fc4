import { readFileSync } from 'node:fs';
import { realOutputFiles } from '@slipway/adapters';
import { type ActionResult, type Environment, FailureError } from '@slipway/model';
import { fromActionResult } from '@slipway/run';
import type { QuickAnswer } from '../no-op.ts';
import { goReporter } from '../report/go.ts';
import { standardError, standardOutput } from '../report/printer.ts';
import { afterTests } from './after-tests.ts';
import { TestRun, type TestedPackage } from './test-run.ts';

/**
 * Writes the reports of a run with nothing to do. Returns false if they cannot be written; the full run then reports
 * why.
 */
export async function reportKnown({ line, tests }: QuickAnswer, environment: Environment): Promise<boolean> {
  const run = new TestRun();
  const { tree, packages } = tests!;
  try {
    for (const each of packages) run.add(known(each));
    const progress = (message: string): void => void (line.silent || standardError.write(`${message}\n`));
    await afterTests(run, tree, { line, services: { files: realOutputFiles(), environment, progress } });
  } catch (error) {
    if (error instanceof FailureError || (error instanceof Error && 'code' in error)) return false;
    throw error;
  }
  if (line.goOutput) {
    using reporter = goReporter({ output: standardOutput, errors: standardError }, line);
    for (const each of run.tested) reporter.emit(each);
  }
  return true;
}

function known({
  importPath,
  dir,
  moduleDir,
  file,
}: NonNullable<QuickAnswer['tests']>['packages'][number]): TestedPackage {
  const result = fromActionResult(importPath, JSON.parse(readFileSync(file, 'utf8')) as ActionResult);
  return { kind: 'package-tested', result, is: 'fresh', dir, moduleDir, at: performance.now() };
}
