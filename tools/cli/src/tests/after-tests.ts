import { join } from 'node:path';
import { keepsAll } from '@slipway/catalog';
import { absolute } from '@slipway/plan';
import { standardOutput } from '../report/printer.ts';
import { failureLines, formatAnnotation } from './failure-lines.ts';
import { noteFailed } from './failed-before.ts';
import { testEvents } from './go-output.ts';
import { historyDirectory, noteHistory } from './history.ts';
import { formatJUnit } from './junit.ts';
import { reportDirectory } from './report-directory.ts';
import type { TestRun } from './test-run.ts';
import type { Reporting, TestedTree } from './tested-tree.ts';
import { writeCoverage } from './write-coverage.ts';

/** Writes the reports of a test run, also after a failure. */
export async function afterTests(run: TestRun, tree: TestedTree, reporting: Reporting): Promise<void> {
  const { line, services } = reporting;
  const { root, names, go } = tree;
  if (run.tested.length === 0) return;
  await noteFailed(run, { root, names }, services);
  const history = { directory: historyDirectory(root, names), time: new Date() };
  await noteHistory(run, history, services);
  const directory = reportDirectory(line.variables);
  if (directory !== undefined) {
    const path = await freeName(join(absolute(root, directory), `junit_${sortable(new Date())}`), services);
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
  await writeCoverage(tree, reporting);
  if (services.environment['GITHUB_ACTIONS'] !== 'true' || line.json || line.goOutput) return;
  for (const tested of run.failed)
    for (const failure of failureLines(tested))
      standardOutput.lines([formatAnnotation(failure, tested.result.importPath)]);
}

/** Two runs may end in the same second. */
async function freeName(path: string, services: Reporting['services'], nth = 1): Promise<string> {
  const name = `${path}${nth === 1 ? '' : `-${nth}`}.xml`;
  return (await services.files.stamp(name)) === undefined ? name : freeName(path, services, nth + 1);
}

/** The format of `date +%Y%m%d-%H%M%S`. */
function sortable(date: Date): string {
  const [day, time] = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().split('T');
  return `${day!.replaceAll('-', '')}-${time!.slice(0, 8).replaceAll(':', '')}`;
}
