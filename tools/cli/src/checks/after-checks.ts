import { join } from 'node:path';
import type { EventOf, PackageResult, TestResult } from '@slipway/model';
import { absolute } from '@slipway/plan';
import type { Planned } from '../planned.ts';
import { formatDuration } from '../report/words.ts';
import { type Reporter, watched } from '../report/reporter.ts';
import type { Asking } from '../services.ts';
import { formatJUnit } from '../tests/junit.ts';
import { reportDirectory } from '../tests/report-directory.ts';

type Ended = EventOf<'step-finished'>;

/** The verify scripts of a run, in the order in which they ended. */
export class CheckEnds {
  readonly ended: Ended[] = [];

  /** Passes everything on. */
  watching(next: Reporter): Reporter {
    return watched(next, (event) => {
      if (event.kind === 'step-finished' && checkOf(event)?.kind === 'verify') this.ended.push(event);
    });
  }
}

const checkOf = ({ step }: Ended) => (step.kind === 'exec' ? step.check : undefined);

/** Writes the report that Kubernetes' jobs read, and prints the slowest checks. */
export async function afterChecks({ ended }: CheckEnds, planned: Planned, { line, services }: Asking): Promise<void> {
  if (ended.length === 0) return;
  const slowest = formatSlowest(ended);
  if (slowest !== undefined && !line.json) services.progress(slowest);
  const directory = reportDirectory(line.variables);
  if (directory === undefined) return;
  const path = join(absolute(planned.plan.root, directory), 'junit_verify.xml');
  await services.files.writeFileWhole(path, formatChecks(ended, planned, new Date()));
  services.progress(`junit     ${path}`);
}

/** The number of checks listed. */
const SLOWEST = 3;

/** `slowest   typecheck 3m05s, gofmt 41s`, for scripts that ran; undefined for fewer than two. */
export function formatSlowest(ended: readonly Ended[]): string | undefined {
  const ran = ended.filter(({ outcome }) => outcome.is === 'ran' || outcome.is === 'failed');
  const slowest = ran.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, SLOWEST);
  if (ran.length < 2) return undefined;
  return `slowest   ${slowest.map((each) => `${checkOf(each)!.name} ${formatDuration(each.milliseconds)}`).join(', ')}`;
}

/** One suite, in the format of Kubernetes' own runner. A property of each case says whether it ran or was known. */
function formatChecks(ended: readonly Ended[], { facts }: Planned, time: Date): string {
  const tests = ended.map((each): TestResult => {
    const seconds = each.milliseconds / 1000;
    const name = checkOf(each)!.name;
    if (each.outcome.is === 'failed') return { name, is: 'fail', seconds, output: each.output };
    return { name, is: each.outcome.is === 'skipped' ? 'skip' : 'pass', seconds, output: each.outcome.why };
  });
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  const result: PackageResult = { importPath: 'verify', is: 'pass', seconds, tests, output: '' };
  const go = `go${facts.toolchain.version} ${facts.machine.platform}`;
  const is = ended.every(({ outcome }) => outcome.is === 'fresh') ? 'fresh' : 'ran';
  return formatJUnit([{ kind: 'package-tested', result, is, dir: '.', moduleDir: '.', at: 0 }], {
    timestamp: time.toISOString(),
    go,
  });
}
