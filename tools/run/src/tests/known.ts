import { type Action, type ActionResult, type ExecStep, HOLES, type PackageResult, type Step } from '@slipway/model';
import type { Performing } from '../perform/performing.ts';
import { fromActionResult } from './result.ts';

interface Known {
  readonly action: Action;
  readonly is: string;
  readonly result?: ActionResult | undefined;
}

/** Reports packages whose tests did not need to run like the others. */
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

/** The directories of a step's package and of its module, relative to the root. */
export const packagePlace = ({ cwd, tests }: ExecStep, importPath: string): { dir: string; moduleDir: string } => ({
  dir: tests![importPath] ?? '.',
  // In a GOPATH-era tree, this is another path of the root.
  moduleDir: cwd.startsWith(`${HOLES.root}/`) ? cwd.slice(HOLES.root.length + 1) : '.',
});
