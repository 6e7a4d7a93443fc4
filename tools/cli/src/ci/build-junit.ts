import type { PackageResult, TestResult } from '@slipway/model';
import { formatJUnit, type JUnitRun } from '../tests/junit.ts';
import type { TestedPackage } from '../tests/test-run.ts';
import type { StepEnd } from './run-ends.ts';

/** A suite for each step, with a case for each of its actions. */
export const formatBuilds = (ended: readonly StepEnd[], run: JUnitRun): string => formatJUnit(ended.map(suiteOf), run);

function suiteOf({ step, outcome, output, milliseconds, at }: StepEnd): TestedPackage {
  const seconds = milliseconds / 1000;
  const parts = outcome.parts ?? [{ name: step.title, is: outcome.is, why: outcome.why }];
  const first = parts.find((part) => part.is === 'failed');
  const tests = parts.map((part): TestResult => {
    const said = part === first ? output.trimEnd() || part.why : part.why;
    const is = part.is === 'failed' ? 'fail' : part.is === 'skipped' ? 'skip' : 'pass';
    return { name: part.name, is, seconds: parts.length === 1 ? seconds : 0, output: said };
  });
  const failed = outcome.is === 'failed';
  const result: PackageResult = { importPath: step.title, is: failed ? 'fail' : 'pass', seconds, tests, output };
  const is = outcome.is === 'fresh' || outcome.is === 'restored' ? outcome.is : 'ran';
  return { kind: 'package-tested', result, is, dir: '.', moduleDir: '.', at };
}
