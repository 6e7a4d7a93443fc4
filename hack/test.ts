// All tests and checks of this repository, cached, or those of some projects:  npm test [-- PROJECT…]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { counted } from '@slipway/model';
import { missingPrograms, whyNoEngine } from '@slipway/testing';
import { scriptArguments } from './lib/arguments.ts';
import { Problems, repositoryRoot } from './lib/check.ts';
import { environmentWith, findGo } from './lib/go-command.ts';
import { runNx } from './lib/nx-tasks.ts';
import { budgetProblem, minuteLimit, testTargets } from './lib/test-budget.ts';
import { sayHowLong } from './lib/say-how-long.mjs';
import { readReport } from './lib/test-report.ts';
import { summarize } from './lib/test-summary.ts';

const { positionals: projects } = scriptArguments('npm test [-- PROJECT…]', {});
const ci = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false';
const reportDir = '_output/test';
const started = performance.now();
const overBudget = budgetProblem();
if (overBudget !== undefined)
  console.error(`error: ${overBudget}\n  hint: make a suite faster, or take it out of npm test`);
if (overBudget !== undefined && ci) process.exit(1);

// Programs are installed on a CI machine only: any other machine belongs to its user.
if (ci) spawnSync(process.execPath, [join(repositoryRoot, 'hack/prepare-machine.ts')], { stdio: 'inherit' });
const engineTrouble = await whyNoEngine();
const without = [...missingPrograms(), ...(engineTrouble === undefined ? [] : ['a container engine'])].join(', ');
if (without !== '')
  console.log(`tests go on without ${without}; on Debian root gets them with: node hack/prepare-machine.ts`);

rmSync(join(repositoryRoot, reportDir), { recursive: true, force: true });
mkdirSync(join(repositoryRoot, reportDir), { recursive: true });
let done = 0;
const saying = sayHowLong(() => `tests and checks: ${counted(done, 'task')} done`);
const run = await runNx({
  targets: testTargets,
  projects,
  // Nx runs the tests again when a program that they missed has been installed.
  environment: { ...environmentWithGo(), SLIPWAY_TEST_WITHOUT: without },
  parallel: Math.min(availableParallelism(), 4),
  reportDir,
  onTask(line) {
    done += 1;
    saying.line(line);
  },
});
saying.end();
const reports = readdirSync(join(repositoryRoot, reportDir))
  .filter((file) => file.endsWith('.json') && file !== 'nx-profile.json')
  .map((file) => readReport(readFileSync(join(repositoryRoot, reportDir, file), 'utf8')));
const { text, ok } = summarize({
  run,
  reports,
  minutes: (performance.now() - started) / 60_000,
  minuteLimit: ci ? minuteLimit : undefined,
  everyTest: ci,
});
console.log(text);
if (!ok) process.exitCode = 1;

/** Without Go, tasks that do not need it still run; the others report the error. */
function environmentWithGo(): NodeJS.ProcessEnv {
  try {
    return environmentWith(findGo());
  } catch (error) {
    if (!(error instanceof Problems)) throw error;
    console.error(error.message);
    return process.env;
  }
}
