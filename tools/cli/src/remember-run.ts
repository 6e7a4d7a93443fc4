import { dirname } from 'node:path';
import { type UpToDateCheck, dropOldRecords, writeRunRecord } from '@slipway/freshness';
import { type Plan, counted, goBuildOf } from '@slipway/model';
import { absolute } from '@slipway/plan';
import { packagePlace } from '@slipway/run';
import type { Planned } from './planned.ts';
import type { Incremental } from './incremental.ts';
import { noOpRequest, type NoOpPayload } from './no-op.ts';
import type { CommandLine } from './parse-arguments.ts';
import type { Services } from './services.ts';
import { testedTree } from './tests/tested-tree.ts';

/** Records a complete run, so that the next run can check quickly whether anything changed. */
export function rememberRun(
  { plan, facts, names }: Planned,
  { check, index, inputs, programs }: Incremental,
  line: CommandLine,
  services: Services,
): void {
  const request = noOpRequest(line, services.environment, plan.root);
  if (
    request === undefined ||
    facts.tree.late === true ||
    !check.allKnown() ||
    isAboutEngine(plan) ||
    plan.steps.some(({ kind }) => kind === 'push' || kind === 'load') ||
    plan.steps.some(({ kind, actions = [] }) => kind === 'remove' || (kind === 'exec' && actions.length === 0))
  )
    return;
  const { describeArgs, stamps } = facts.tree;
  const nearestTag = stamps.length === 0 ? undefined : (facts.git.nearestTag ?? '');
  const payload: NoOpPayload = {
    said: saidOf(plan),
    ...{ nearestTag, describeArgs },
    tagState: facts.git.tagState,
    tests: knownTests({ plan, facts, names }, check),
  };
  const outputs = plan.steps.flatMap((step) => step.outputs.map((output) => absolute(plan.root, output)));
  writeRunRecord(request.file, {
    key: request.key,
    payload: JSON.stringify(payload),
    inputs: [...inputs, ...index.paths()],
    outputs,
    index,
    byContent: isSource(plan, programs),
  });
  dropOldRecords(dirname(request.file));
}

/** The data for reports of tests without another run. */
function knownTests(planned: Planned, check: UpToDateCheck): NoOpPayload['tests'] {
  const packages = planned.plan.steps.flatMap((step) => {
    if (step.kind !== 'exec' || step.tests === undefined) return [];
    return (step.actions ?? []).map((action) => {
      const importPath = action.words[0]!;
      return { importPath, ...packagePlace(step, importPath), file: check.resultFile(action) };
    });
  });
  return packages.length === 0 ? undefined : { tree: testedTree(planned), packages };
}

/** Sources in the tree. Some outputs depend on file modes as well: archives, and tests that read modes. */
function isSource(plan: Plan, programs: readonly string[]): (path: string) => boolean {
  const inTree = `${plan.root}/`;
  const others = new Set(programs);
  const byMode = plan.steps.some(
    (step) => step.actions !== undefined && (goBuildOf(step) === undefined || (step.kind === 'exec' && step.tests)),
  );
  return (path) => !byMode && path.startsWith(inTree) && !others.has(path);
}

/** The result is in an engine, not in files. Slipway would not notice its removal. */
const isAboutEngine = (plan: Plan): boolean =>
  plan.flow === 'containerized' && !plan.steps.some((step) => step.kind === 'exec');

function saidOf(plan: Plan): string {
  const tested = plan.steps.flatMap((step) =>
    step.kind === 'exec' && step.tests !== undefined ? (step.actions ?? []) : [],
  );
  if (tested.length > 0)
    return `slipway ${plan.targets.join(' ')} (profile ${plan.profile}): nothing changed, the tests of ${counted(tested.length, 'package')} passed before`;
  const checked = plan.steps.filter((step) => step.kind === 'exec' && step.check !== undefined);
  if (checked.length > 0)
    return `slipway ${plan.targets.join(' ')} (profile ${plan.profile}): nothing changed, ${counted(checked.length, 'check')} passed before`;
  const kinds = new Set(['copy', 'archive', 'generate']);
  const files = plan.steps.flatMap((step) => (kinds.has(step.kind) ? step.outputs : []));
  const version = plan.gitVersion === '' ? '' : ` ${plan.gitVersion}`;
  return `slipway ${plan.targets.join(' ')}${version} (profile ${plan.profile}): nothing changed, ${files.length} ${files.length === 1 ? 'file is' : 'files are'} up to date`;
}
