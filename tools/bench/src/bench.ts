// npm run bench: compares slipway with the Go calls it makes. See ../README.md.
import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { writeSyntheticTree } from '@slipway/testing';
import { type BenchArguments, parseBenchArguments, usage } from './arguments.ts';
import { chooseTargets, listPackages, readGoVersion } from './edits.ts';
import { type Report, formatReport, reportData } from './report.ts';
import { simulateCase, simulateUsage } from './simulate/case.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { type Starting, binariesOf, byHandSide, slipwaySide } from './sides.ts';
import { Workspace } from './workspace.ts';

process.exitCode = await main(process.argv.slice(2));

/** A promise that is not kept is a result, and not a failure: the exit code is 0. */
async function main(argv: readonly string[]): Promise<number> {
  let args: BenchArguments;
  try {
    const simulated = simulateCase(argv);
    if (simulated !== undefined) return say(simulated);
    args = parseBenchArguments(argv);
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}\n${simulateUsage}`);
    return 2;
  }
  if (args.help) return say(`${usage}\n${simulateUsage}`);
  await using workspace = new Workspace();
  try {
    const report = await runBench(args, workspace);
    return say(args.json ? JSON.stringify(reportData(report), undefined, 2) : formatReport(report));
  } catch (error) {
    if (workspace.signal.aborted) return 130;
    console.error((error as Error).message);
    return 1;
  }
}

function say(text: string): 0 {
  console.log(text);
  return 0;
}

async function runBench(args: BenchArguments, workspace: Workspace): Promise<Report> {
  const progress = (message: string): void => console.error(message);
  const tree = args.tree === undefined ? makeTree(args, workspace, progress) : realpathSync(args.tree);
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const starting: Starting = { workspace, tree, slipway: args.slipway, environment };
  const slipway = slipwaySide(starting);
  const byHand = await byHandSide(starting);
  const packages = await listPackages(byHand.plan, workspace.signal);
  const bench = {
    starting,
    slipway,
    byHand,
    targets: chooseTargets(packages, byHand.plan.root),
    runs: args.runs,
    progress,
  };
  const results: CaseResult[] = [];
  for (const name of args.cases) results.push(await runCase(name, bench));
  return {
    tree: args.tree === undefined ? `made-up tree (scale ${args.scale}, seed ${args.seed})` : tree,
    go: await readGoVersion(byHand.plan, workspace.signal),
    node: process.versions.node,
    cores: availableParallelism(),
    runs: args.runs,
    commands: binariesOf(byHand.plan).length,
    results,
  };
}

function makeTree({ scale, seed }: BenchArguments, workspace: Workspace, progress: (message: string) => void): string {
  const { packages } = writeSyntheticTree(workspace.path('tree'), { scale, seed, git: true });
  progress(`made up a tree of ${packages.length} packages`);
  return workspace.path('tree');
}
