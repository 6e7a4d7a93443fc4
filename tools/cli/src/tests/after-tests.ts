import { join } from 'node:path';
import { keepsAll } from '@slipway/catalog';
import { absolute } from '@slipway/plan';
import type { Planned } from '../planned.ts';
import { standardOutput } from '../report/printer.ts';
import type { Asking } from '../services.ts';
import { failureLines, formatAnnotation } from './failure-lines.ts';
import { noteFailed } from './failed-before.ts';
import { testEvents } from './go-output.ts';
import { historyDirectory, noteHistory } from './history.ts';
import { formatJUnit } from './junit.ts';
import { reportDirectory } from './report-directory.ts';
import type { TestRun } from './test-run.ts';
import { writeCoverage } from './write-coverage.ts';

/** What is left of a run that tested, however it ended. */
export async function afterTests(run: TestRun, planned: Planned, asking: Asking): Promise<void> {
  const { line, services } = asking;
  if (run.tested.length === 0) return;
  await noteFailed(run, { root: planned.plan.root, names: planned.names }, services);
  const history = { directory: historyDirectory(planned.plan.root, planned.names), time: new Date() };
  await noteHistory(run, history, services);
  const directory = reportDirectory(line.variables);
  if (directory !== undefined) {
    const path = await freeName(
      join(absolute(planned.plan.root, directory), `junit_${sortable(new Date())}`),
      services,
    );
    const { toolchain, machine } = planned.facts;
    const go = `go${toolchain.version} ${machine.platform}`;
    await services.files.writeFileWhole(path, formatJUnit(run.tested, { timestamp: new Date().toISOString(), go }));
    services.progress(`junit     ${path}`);
    if (keepsAll(line.variables)) {
      const events = run.tested.flatMap((each) => testEvents(each, new Date()));
      await services.files.writeFileWhole(
        path.replace(/xml$/, 'stdout'),
        events.map((each) => `${JSON.stringify(each)}\n`).join(''),
      );
    }
  }
  await writeCoverage(planned, asking);
  if (services.environment['GITHUB_ACTIONS'] !== 'true' || line.json || line.goOutput) return;
  for (const tested of run.failed)
    for (const failure of failureLines(tested))
      standardOutput.lines([formatAnnotation(failure, tested.result.importPath)]);
}

/** Two runs may end in one second. */
async function freeName(path: string, services: Asking['services'], nth = 1): Promise<string> {
  const name = `${path}${nth === 1 ? '' : `-${nth}`}.xml`;
  return (await services.files.stamp(name)) === undefined ? name : freeName(path, services, nth + 1);
}

/** As `date +%Y%m%d-%H%M%S` says it. */
function sortable(date: Date): string {
  const [day, time] = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().split('T');
  return `${day!.replaceAll('-', '')}-${time!.slice(0, 8).replaceAll(':', '')}`;
}
