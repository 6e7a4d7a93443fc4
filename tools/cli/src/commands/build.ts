import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type LockHolder, cacheDirectory, makeOwnDirectory } from '@slipway/adapters';
import { type ContainerizedTarget, eitherWay, findTarget, nearest, targets } from '@slipway/catalog';
import { availableMemory, readContainerFacts } from '@slipway/facts';
import { FailureError, type Plan, type Tree, readablePlan } from '@slipway/model';
import {
  type Goal,
  absolute,
  formatPlan,
  goalOf,
  outputNames,
  packagingVariables,
  planContainerized,
  planLocal,
} from '@slipway/plan';
import { type Containers, runPlan } from '@slipway/run';
import { type Answer, answer } from '../answer.ts';
import { type Incremental, imageMemoKey, openIncremental } from '../incremental.ts';
import { affectedChecks } from '../checks/affected-checks.ts';
import { knownChecks } from '../checks/known-checks.ts';
import { checkOutput } from '../check-output.ts';
import { affectedBy } from '../affected-by.ts';
import { formatExpectedSizes } from '../report/expected-sizes.ts';
import { clusterOf } from '../cluster.ts';
import type { Planned } from '../planned.ts';
import { rememberRun } from '../remember-run.ts';
import type { CommandLine } from '../parse-arguments.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Asking, Services } from '../services.ts';

/** Plans the goals of the command line. Throws all failures of the plan. */
export async function planGoals(asking: Asking): Promise<Planned> {
  const { line } = asking;
  const tree = await asking.tree();
  const target = containerizedTarget(line, tree);
  if (target !== undefined) return planInContainers(target, asking);
  const goals = toGoals(line.words, tree);
  const names = goals.flatMap((goal) => ('command' in goal ? [goal.command] : []));
  const facts = await asking.facts(names, packagingVariables(goals, line.variables));
  const result = planLocal({ ...line, goals, cluster: clusterOf(line, tree, asking.services.environment) }, facts);
  if (!result.ok) throw new FailureError(...result.failures);
  return { plan: result.plan, facts, names: outputNames(line.variables) };
}

const needsContainers = (word: string, { withoutDocker }: CommandLine): boolean =>
  findTarget(word)?.kind === 'containerized' || (eitherWay.includes(word) && !withoutDocker);

/** A containerized target must be the only one. */
function containerizedTarget(line: CommandLine, tree: Tree): ContainerizedTarget | undefined {
  const { words } = line;
  const isInside = (word: string): boolean => needsContainers(word, line);
  const found = findTarget(words.find(isInside) ?? '');
  if (found === undefined) return undefined;
  if (words.length === 1) return found.name as ContainerizedTarget;
  // Reports unknown words first.
  toGoals(
    words.filter((word) => !isInside(word)),
    tree,
  );
  throw new FailureError({
    code: 'BAD_USAGE',
    fact: `${found.name} stands alone`,
    hint: hintAlone(found.name, words),
  });
}

function hintAlone(name: string, words: CommandLine['words']): string {
  if (name === 'run') return `slipway run -- ${words.filter((word) => word !== 'run').join(' ')}`;
  return eitherWay.includes(name) ? `slipway ${words.join(' ')} --without-docker` : `slipway ${name}`;
}

async function planInContainers(target: ContainerizedTarget, asking: Asking): Promise<Planned> {
  const { line, services } = asking;
  const goal = goalOf(target);
  const { root } = await asking.tree();
  const { environment, runner, signal, disk, engine } = services;
  const [facts, containers] = await Promise.all([
    asking.facts([], goal && packagingVariables([goal], line.variables)),
    readContainerFacts({ root, disk, environment, runner, signal, engine }),
  ]);
  const result = planContainerized({ ...line, target }, facts, containers);
  if (!result.ok) throw new FailureError(...result.failures);
  return { plan: result.plan, facts, names: outputNames(line.variables, 'dockerized') };
}

/** `-n`: prints the plan and changes nothing. */
export async function showPlan(asking: Asking): Promise<Answer> {
  const planned = await affectedChecks(await planGoals(asking), asking);
  const { plan } = planned;
  await checkOutput(planned, asking.services);
  const known = (await knownChecks(planned, asking)).map(({ name, is, why }) => `known     ${name}: ${is}, ${why}`);
  return answer([...formatPlan(plan).split('\n'), ...formatExpectedSizes(plan), ...known], readablePlan(plan));
}

/** Performs a plan under the lock of its output directory. Throws all failures. */
export async function performPlan(planned: Planned, asking: Asking, reporter: Reporter): Promise<void> {
  const { plan, facts, names } = planned;
  const { line, services } = asking;
  let waited = false;
  const onWait = (holder: LockHolder | undefined): void => {
    waited = true;
    reporter.emit({ kind: 'waiting', why: waitingFor(holder), at: performance.now() });
  };
  await checkOutput(planned, services);
  if (services.caches === undefined || !facts.goScratch.startsWith(services.caches)) makeOwnDirectory(facts.goScratch);
  await using lock = await services.lock(absolute(plan.root, names.lock), { onWait }, services.signal);
  if (waited) await checkOutput(planned, services);
  const incremental = plan.steps.some(({ actions = [] }) => actions.length > 0)
    ? await openIncremental(planned, line, services, reporter.emit)
    : undefined;
  await using _shared = incremental && finishing(incremental, asking, reporter);
  const { cluster } = plan.places.remote ?? {};
  const opened = cluster && (await services.openCluster(cluster, services.environment));
  await using _cluster = { [Symbol.asyncDispose]: async () => opened?.close() };
  await using containers = containersOf(services);
  await using archives = services.archives;
  const result = await runPlan(plan, {
    runner: services.runner,
    files: services.files,
    archives,
    images: services.images,
    sboms: services.sboms,
    registry: services.registry,
    observer: services.observer,
    views: services.views,
    limits: { jobs: { go: line.jobs ?? availableParallelism(), io: 2 }, cluster, availableMemory },
    keepGoing: line.keepGoing || goesOn(plan, line),
    emit: reporter.emit,
    signal: services.signal,
    freshness: incremental?.check,
    containers,
    cluster: opened,
    lock,
  });
  if (incremental !== undefined) {
    if (line.report) reporter.emit(await affectedBy(incremental, { plan, facts, names }));
    if (!endsClean(plan)) await incremental.check.save();
    if (result.ok) rememberRun({ plan, facts, names }, incremental, line, services);
  }
  if (!result.ok) throw new FailureError(...result.failures);
}

/**
 * All checks run, even after a failure. Scripts that write stop at a failure, because later ones may read incomplete
 * files.
 */
const goesOn = ({ steps }: Plan, { variables }: CommandLine): boolean => {
  const checks = steps.flatMap((step) => (step.kind === 'exec' ? (step.check ?? []) : []));
  return checks.length > 0 && (variables['FORCE_ALL'] === 'true' || checks.every(({ kind }) => kind === 'verify'));
};

/** The run removes the output, so nothing remains to be remembered. */
const endsClean = ({ steps }: Plan): boolean => {
  const last = steps.at(-1);
  return last?.kind === 'remove' && last.lock !== undefined;
};

/** The share of a run that final writes to a shared cache may add, unless the fixed minimum is longer. */
const WRITING = 0.05;

/** Milliseconds between two reports of a shared cache's traffic. */
const MOVED = 500;

/** Reports the traffic of a shared cache, at last after the run. An interrupted run does not wait for writes. */
function finishing({ shared }: Incremental, { services }: Asking, reporter: Reporter): AsyncDisposable {
  const started = performance.now();
  let told = 0;
  const tell = (isEnd: boolean): void => {
    const moved = shared!.moved();
    if (!isEnd && told === (told = moved.bytesRead + moved.bytesWritten)) return;
    reporter.emit({ kind: 'cache-moved', ...moved, isEnd, at: performance.now() });
  };
  let timer = shared && setInterval(tell, MOVED, false).unref();
  return {
    async [Symbol.asyncDispose]() {
      if (shared === undefined) return;
      clearInterval(timer);
      timer = setInterval(tell, MOVED, true);
      const latencyBudget = Math.max(shared.latencyBudget, (performance.now() - started) * WRITING);
      const traffic = await shared
        .finish(services.signal.aborted ? 0 : latencyBudget)
        .finally(() => clearInterval(timer));
      reporter.emit({ kind: 'cache-shared', traffic, at: performance.now() });
    },
  };
}

/** When the run ends in any way, its containers end. */
function containersOf({
  engine,
  sync,
  makeBaseImage,
  terminal,
  memo,
  environment,
}: Services): Containers & AsyncDisposable {
  const caches = cacheDirectory(environment);
  return {
    engine,
    sync,
    makeBaseImage,
    terminal,
    packageCache: caches && join(caches, 'packages'),
    rememberImage: (reference, known) => memo.set(imageMemoKey(reference), JSON.stringify(known)),
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

const waitingFor = (holder: LockHolder | undefined): string =>
  holder === undefined
    ? 'another build of this tree to end'
    : `another build of this tree to end (process ${holder.pid}: ${holder.command})`;

function toGoals(words: CommandLine['words'], tree: Tree): Goal[] {
  if (words.length === 0) return [{ target: 'all' }];
  return words.map((word): Goal => {
    const target = findTarget(word);
    if (target?.kind === 'build') return { target: target.name };
    if (target?.kind === 'query')
      throw new FailureError({
        code: 'BAD_USAGE',
        fact: `${word} cannot be combined with other targets`,
        hint: `slipway ${word}`,
      });
    const names = tree.commands.map((command) => command.name);
    if (names.includes(word) || word in tree.aliases) return { command: word };
    if (tree.commands.some((command) => command.target === word))
      throw new FailureError({ code: 'UNKNOWN_TARGET', word, nearest: `all WHAT=${word}` });
    throw new FailureError({
      code: 'UNKNOWN_TARGET',
      word,
      nearest: nearest(word, [...targets.map((row) => row.name), ...names]),
    });
  });
}
