import { join, relative, resolve } from 'node:path';
import { FailureError, fillIn, printable } from '@slipway/model';
import { absolute } from '@slipway/plan';
import type { Planned } from '../planned.ts';
import { standardOutput } from '../report/printer.ts';
import type { Asking } from '../services.ts';
import { annotationsOf } from '../tests/failure-lines.ts';
import { reportDirectory } from '../tests/report-directory.ts';
import type { TestRun } from '../tests/test-run.ts';
import { testedTree } from '../tests/tested-tree.ts';
import { formatBuilds } from './build-junit.ts';
import type { RunEnds } from './run-ends.ts';
import { formatJobSummary } from './summary.ts';

/**
 * Output for CI after every run, failed or not: a report of builds, annotations of source lines, a summary page of the
 * job.
 */
export async function afterRun(run: RunEnds, tests: TestRun, planned: Planned, asking: Asking): Promise<void> {
  await reportBuilds(run, planned, asking);
  annotate(run, planned, asking);
  await summarize(run, tests, planned, asking);
}

async function reportBuilds({ built }: RunEnds, planned: Planned, { line, services }: Asking): Promise<void> {
  const directory = reportDirectory(line.variables);
  if (directory === undefined || built.length === 0) return;
  const path = join(absolute(planned.plan.root, directory), 'junit_build.xml');
  const { go } = testedTree(planned);
  await services.files.writeFileWhole(path, formatBuilds(built, { timestamp: new Date().toISOString(), go }));
  services.progress(`junit     ${path}`);
}

/** Tests have their own annotations. */
function annotate({ failed }: RunEnds, { plan }: Planned, { line, services }: Asking): void {
  if (services.environment['GITHUB_ACTIONS'] !== 'true' || line.json || line.goOutput) return;
  for (const { step, outcome, output } of failed) {
    if (step.kind === 'exec' && step.tests !== undefined) continue;
    const cwd = step.kind === 'exec' ? fillIn(step.cwd, plan.places.host) : '.';
    const dir = relative(plan.root, resolve(plan.root, cwd));
    standardOutput.lines(annotationsOf({ title: step.title, dir, output: output.trim() || outcome.why }));
  }
}

/**
 * Appends to the page, because an earlier call of the same job may have written to it. A failure to write does not
 * change the run's result.
 */
async function summarize(run: RunEnds, tests: TestRun, { plan }: Planned, { services }: Asking): Promise<void> {
  const path = services.environment['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  try {
    const before = (await services.files.readTextIfExists(path)) ?? '';
    await services.files.writeFileWhole(path, before + printable(formatJobSummary(run, tests, plan)));
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    services.progress(`note      no summary of the job was written: ${path} cannot be written`);
  }
}
