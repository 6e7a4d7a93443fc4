import { type Action, type ActionResult, type ExecStep, HOLES, type PackageResult, type Step } from '@slipway/model';
import type { Performing } from '../perform/performing.ts';
import { fromActionResult } from './result.ts';

interface Known {
  readonly action: Action;
  readonly is: string;
  readonly result?: ActionResult | undefined;
}

/** Packages whose tests need not run are told of like those that did. */
export function tellKnown(step: Step, known: readonly Known[], performing: Performing): void {
  if (step.kind !== 'exec' || step.tests === undefined) return;
  for (const { action, is, result } of known)
    if (result !== undefined && (is === 'fresh' || is === 'restored'))
      tell(step, fromActionResult(action.words[0]!, result), is, performing);
}

export function tell(
  step: ExecStep,
  result: PackageResult,
  is: 'ran' | 'fresh' | 'restored',
  { emit }: Performing,
): void {
  emit?.({ kind: 'package-tested', result, is, ...packagePlace(step, result.importPath), at: performance.now() });
}

/** Directories of a package of a step and of its module, relative to the root. */
export const packagePlace = ({ cwd, tests }: ExecStep, importPath: string): { dir: string; moduleDir: string } => ({
  dir: tests![importPath] ?? '.',
  // Where a GOPATH-era tree sees itself is another name of the root.
  moduleDir: cwd.startsWith(`${HOLES.root}/`) ? cwd.slice(HOLES.root.length + 1) : '.',
});
