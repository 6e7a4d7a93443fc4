import type { ActionResult, PackageResult, TestResult } from '@slipway/model';
import { formatFailedPackage, formatPackage } from './format-result.ts';

/** The kept part of a package's result: each test with its end, and the output of skipped ones. */
export const toActionResult = (result: PackageResult): ActionResult => ({
  exit: result.is === 'fail' ? 1 : 0,
  log: result.is === 'fail' ? formatFailedPackage(result) : formatPackage(result),
  values: {
    seconds: String(result.seconds),
    tests: JSON.stringify(
      result.tests.map(({ name, is, seconds, output }) => [name, is, seconds, ...(is === 'skip' ? [output] : [])]),
    ),
  },
});

/**
 * Reads the result of a package that passed. It may come from another machine, so lines that do not look like tests are
 * left out.
 */
export function fromActionResult(importPath: string, { log, values }: ActionResult): PackageResult {
  const coverage = /coverage: .*/.exec(log)?.[0];
  return {
    importPath,
    is: 'pass',
    seconds: Number(values['seconds']) || 0,
    tests: listOf(values['tests'] ?? '[]').flatMap(toTest),
    output: coverage === undefined ? '' : `${coverage}\n`,
  };
}

function listOf(text: string): unknown[] {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function toTest(row: unknown): TestResult[] {
  if (!Array.isArray(row)) return [];
  const [name, is, seconds, output = ''] = row as unknown[];
  const isTest =
    typeof name === 'string' &&
    (is === 'pass' || is === 'skip') &&
    typeof seconds === 'number' &&
    typeof output === 'string';
  return isTest ? [{ name, is, seconds, output }] : [];
}
