import { basename, dirname } from 'node:path';
import { generators } from '@slipway/catalog';
import {
  type Comparison,
  type SideNames,
  compareTrees,
  compareWithMake,
  formatComparison,
  isSame,
} from '@slipway/inspect';
import { type Facts, FailureError } from '@slipway/model';
import { IGNORE_TEXT, absolute, outputNames } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { formatDuration } from '../report/words.ts';
import type { Asking } from '../services.ts';
import { performPlan, planGoals, showPlan } from './build.ts';
import { checkAside } from '../check-output.ts';
import { progressReporter } from '../report/progress.ts';

/** `compare A B`, or `compare --with make [TARGET…]`: lists differences by file, build setting and section. */
export async function compare(asking: Asking): Promise<Answer> {
  if (asking.line.with === 'make') return withMake(asking);
  const [a, b, more] = asking.args;
  if (a === undefined || b === undefined || more !== undefined) {
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'compare needs two directories',
      hint: 'slipway compare DIR DIR, or slipway compare --with make',
    });
  }
  return report(await compareTrees(a, b, { signal: asking.services.signal }), { a: 'A', b: 'B' });
}

async function withMake(asking: Asking): Promise<Answer> {
  const { line, services } = asking;
  const now = String(Math.floor(Date.now() / 1000));
  const variables = { SOURCE_DATE_EPOCH: now, ...line.variables };
  const building = asking.again({ words: asking.args, profile: 'make', variables, always: true });
  const makeArguments = [
    ...(asking.args.length === 0 ? ['all'] : asking.args),
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
  ];
  if (line.dryRun) {
    const { lines, ...plan } = await showPlan(building);
    return { ...plan, lines: [...lines, `then make ${makeArguments.join(' ')}, and what both built is compared`] };
  }
  const facts = await building.facts();
  const names = outputNames(line.variables);
  await checkAside(facts.tree.root, names, services);
  // The files set aside are in the output directory and must not make the tree dirty.
  await services.files.writeFileWhole(absolute(facts.tree.root, names.ignore), IGNORE_TEXT);
  const result = await compareWithMake({
    root: facts.tree.root,
    names,
    buildWithSlipway: () => build(building),
    makeArguments,
    upkeep: facts.tree.makesGenerated ? upkeepPrograms : [],
    environment: withGo(facts, services.environment),
    runner: services.runner,
    files: services.files,
    signal: services.signal,
    emit: services.progress,
  });
  const { lines, ...rest } = report(result.comparison, { a: 'slipway', b: 'make' });
  return {
    ...rest,
    lines: [
      ...lines,
      `slipway took ${formatDuration(result.slipwaySeconds * 1000)}, make ${formatDuration(result.makeSeconds * 1000)}`,
    ],
  };
}

async function build(asking: Asking): Promise<void> {
  using reporter = progressReporter(asking.services.progress);
  await performPlan(await planGoals(asking), asking, reporter);
}

/** The generators, and the program that tells the tree's makefile which packages import which. */
const upkeepPrograms = [...generators.map(({ tool }) => basename(tool)), 'go2make'];

/** The tree's own scripts take the first go on PATH, and cannot download one with GOPROXY=off. */
const withGo = (facts: Facts, environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...environment,
  PATH: `${dirname(facts.toolchain.command)}:${environment['PATH'] ?? ''}`,
});

const report = (comparison: Comparison, names: SideNames): Answer =>
  answer(formatComparison(comparison, names), comparison, isSame(comparison) ? 'done' : 'verification');
