import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Target, checkKind, findTarget, showsAll } from '@slipway/catalog';
import { cacheRefusal } from '@slipway/adapters';
import { binaryPlaces, restoreBinaries } from '@slipway/inspect/binary-places';
import {
  type Environment,
  type ExitCodeName,
  type Failure,
  FailureError,
  type RunFailed,
  type Tree,
  exitCodes,
  failureExit,
  failureHint,
  failureMessage,
  isLostName,
} from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import type { Answer } from './answer.ts';
import { affectedChecks } from './checks/affected-checks.ts';
import { CheckEnds, afterChecks } from './checks/after-checks.ts';
import { longestFirst } from './checks/longest-first.ts';
import { afterRun } from './ci/after-run.ts';
import { RunEnds } from './ci/run-ends.ts';
import { checkAside } from './check-output.ts';
import { compose } from './compose.ts';
import { performPlan, planToPerform, showPlan } from './commands/build.ts';
import { commands } from './commands/index.ts';
import { type CommandLine, isQuery, parseArguments } from './parse-arguments.ts';
import { misspelled } from './misspelled.ts';
import type { Planned } from './planned.ts';
import { goReporter } from './report/go.ts';
import { jsonReporter } from './report/json.ts';
import { keepEvents } from './report/keep-events.ts';
import { pageOf } from './report/page/page.ts';
import { traceOf } from './report/trace.ts';
import { withHeartbeat } from './report/heartbeat.ts';
import { linesOfProgress } from './report/progress.ts';
import { paintFor } from './report/color.ts';
import { plainReporter } from './report/plain.ts';
import { printer, standardError, standardOutput } from './report/printer.ts';
import { type PastRun, RunLog, previousOf, readHistory, usualOf } from './history/run-history.ts';
import { waitReporter } from './report/wait.ts';
import type { Reporter } from './report/reporter.ts';
import type { Usual } from './report/run-state.ts';
import { watchMachine } from './report/watch-machine.ts';
import type { Asking, Services } from './services.ts';
import { afterTests } from './tests/after-tests.ts';
import { narrowed } from './tests/narrowed.ts';
import { TestRun } from './tests/test-run.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { testedTree } from './tests/tested-tree.ts';
import { factsOf, requestOf, treeOf } from './request.ts';
import { treeRoot } from './tree-root.ts';

/** The whole of slipway, from its arguments to its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const environment = process.env as Environment;
  const stopped = stopOnSignals();
  silenceNode();
  for (const output of [process.stdout, process.stderr])
    output.on('error', (error: NodeJS.ErrnoException) => outputLost(error, stopped.stop));
  try {
    const line = parseArguments(argv, environment);
    const services = compose({
      environment,
      variables: line.variables,
      cwd: directoryOf(line),
      signal: stopped.signal,
      readOnly: line.dryRun,
      conventionsOnly: line.noConfig,
      progress: line.silent ? () => {} : linesOfProgress(standardError, process.stderr.isTTY),
    });
    const refusal = cacheRefusal(environment);
    if (refusal !== undefined) services.progress(refusal);
    for (const note of misspelled(environment)) services.progress(note);
    return exitCodes[await act(line, services)];
  } catch (error) {
    return commandExit(error) ?? exitCodes[explain(error, argv.includes('--json') && !argv.includes('--go-output'))];
  } finally {
    stopped[Symbol.dispose]();
  }
}

async function act(line: CommandLine, services: Services): Promise<ExitCodeName> {
  const asking = askingOf(line, services);
  if (line.variables['PRINT_HELP'] === 'y' && line.words[0] !== 'help')
    return say(line, await commands.help({ ...asking, args: line.words.length === 0 ? ['all'] : line.words }));
  const target = findTarget(line.words[0] ?? 'all');
  if (target?.kind === 'query') requireArguments(target, line.words.slice(1));
  if (isQuery(line.words) && target?.kind === 'query')
    return say(line, await commands[target.name]({ ...asking, args: line.words.slice(1) }));
  return perform(await narrowed(asking));
}

async function perform(asked: Asking): Promise<ExitCodeName> {
  if (asked.line.dryRun) return say(asked.line, await showPlan(asked));
  const { services: given } = asked;
  const history = await historyOf(given);
  using direct = await reporterFor(asked.line, given.environment, usualOf(history));
  const asking = askingOf(asked.line, { ...given, progress: direct.note ?? given.progress });
  const { services, line } = asking;
  const chosen = await affectedChecks(await planToPerform(asking), asking);
  const planned = { ...chosen, plan: longestFirst(chosen.plan, usualOf(history)) };
  await checkAside(planned.plan.root, outputNames(line.variables), services);
  await restoreBinaries(
    binaryPlaces(planned.plan.root, outputNames(line.variables)),
    { onWait: () => services.progress('waiting for a comparison of this tree to end') },
    services.signal,
  );
  const tests = new TestRun();
  const log = new RunLog();
  const checks = new CheckEnds();
  const ends = new RunEnds();
  const reporter = ends.watching(log.watching(checks.watching(tests.watching(direct))));
  try {
    await both(
      () => performReported(planned, asking, reporter, history),
      async () => {
        await afterTests(tests, testedTree(planned), asking);
        await afterChecks(checks, planned, asking);
        await afterRun(ends, tests, planned, asking);
      },
    );
  } finally {
    await log.remember(new Date(), services);
  }
  return 'done';
}

/** Of the tree here; what is wrong with that is told when it is read. */
async function historyOf(services: Services): Promise<readonly PastRun[]> {
  try {
    return await readHistory(treeRoot(services.cwd, services.environment), services);
  } catch {
    return [];
  }
}

/** With --report a page about the run is left, and with --trace a file for Perfetto, however it ends. */
async function performReported(planned: Planned, asking: Asking, reporter: Reporter, past: readonly PastRun[]) {
  const { line, services } = asking;
  const isKept = line.report || line.trace !== undefined;
  const kept = isKept ? keepEvents(reporter) : undefined;
  const told = kept ?? reporter;
  using _machine = isKept || reporter.isView === true ? watchMachine(told.emit) : undefined;
  try {
    await performPlan(planned, asking, told);
  } finally {
    const write = async (word: string, path: string, text: string): Promise<void> => {
      await services.files.writeFileWhole(path, text);
      if (!line.json) services.progress(`${word.padEnd(9)} ${path}`);
    };
    if (line.report)
      await write(
        'report',
        absolute(planned.plan.root, outputNames(line.variables).report),
        pageOf(kept!.events, previousOf(past, planned.plan)),
      );
    if (line.trace !== undefined) await write('trace', resolve(services.cwd, line.trace), traceOf(kept!.events));
  }
}

/** The second is done however the first ended; what failed of either is told. */
async function both(first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  const failures: Failure[] = [];
  for (const each of [first, second])
    try {
      await each();
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      failures.push(...error.failures);
    }
  if (failures.length > 0) throw new FailureError(...failures);
}

function requireArguments(target: Target, given: readonly string[]): void {
  if (target.arguments === undefined && given.length > 0)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `${target.name} takes no words after it, as ${given[0]}`,
      hint: target.example,
    });
}

/** Where -C leads; a place that is not there would have the tree above it built. */
function directoryOf({ directory }: CommandLine): string {
  const path = resolve(directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new FailureError({
    code: 'BAD_VALUE',
    variable: '-C',
    value: directory,
    expected: isLostName(path) ? 'a directory with a path in UTF-8' : 'a directory that exists',
  });
}

/** The tree is read once, and only by who asks. */
function askingOf(line: CommandLine, services: Services): Asking {
  const request = requestOf(line);
  let read: Promise<Tree> | undefined;
  const tree = (): Promise<Tree> => (read ??= treeOf(request, services));
  return {
    line,
    args: [],
    services,
    again: (other) => askingOf({ ...line, ...other }, services),
    tree,
    facts: async (words = [], packaging?: Environment) =>
      factsOf({ ...request, words: [...request.words, ...words], packaging }, await tree(), services),
  };
}

/** A command that ran in a container and spoke for itself ends slipway as it ended. */
function commandExit(error: unknown): number | undefined {
  const failure = error instanceof FailureError ? error.failures[0] : undefined;
  return failure?.code === 'COMMAND_ENDED' ? failure.exit : undefined;
}

async function reporterFor(line: CommandLine, environment: Environment, usual: Usual): Promise<Reporter> {
  if (line.goOutput) return goReporter({ output: standardOutput, errors: standardError }, line);
  if (line.json) return jsonReporter(standardOutput);
  const speaksForItself = line.words[0] === 'run' || line.words[0] === 'shell';
  if (speaksForItself && !line.explain) return waitReporter(standardError);
  const { stream } = speaksForItself ? standardError : standardOutput;
  const paint = paintFor({ choice: line.color, environment, isTerminal: stream.isTTY });
  const { silent, quiet } = line;
  const { SILENT: hides } = checkKind(line.words[0] ?? '') === undefined ? {} : line.variables;
  const options = {
    ...line,
    allOfTests: showsAll(line.variables),
    verbose: line.verbose || hides === 'false',
    hidesOutput: hides === 'true',
  };
  const isWatched = stream.isTTY && environment['CI'] === undefined && environment['TERM'] !== 'dumb';
  if (
    !silent &&
    !line.explain &&
    !speaksForItself &&
    (line.progress === 'tui' || (isWatched && line.progress !== 'plain'))
  ) {
    const { liveReporter } = await import('./report/live.ts');
    return liveReporter(stream, { ...options, paint, usual });
  }
  const output = printer(stream, paint);
  const plain = plainReporter(output, options);
  return silent || quiet ? plain : withHeartbeat(plain, { output, errors: standardError, usual });
}

function say(line: CommandLine, { lines, data, exit }: Answer): ExitCodeName {
  if (line.json) standardOutput.json(data);
  else if (lines.length > 0) standardOutput.lines(lines);
  return exit;
}

/** A failure is one message and a hint; anything else is our bug, with all we know of it. */
function explain(error: unknown, json: boolean): ExitCodeName {
  if (!(error instanceof FailureError)) {
    standardError.write(
      `slipway: this is a bug in slipway, please report it with the text below (Node ${process.versions.node}, ${process.platform})\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return 'bug';
  }
  const told = error.failures.map((failure) => ({
    ...failure,
    message: failureMessage(failure),
    hint: failureHint(failure),
  }));
  if (json) standardOutput.json({ kind: 'failed', failures: told } satisfies RunFailed);
  else
    for (const { code, message, hint } of told) standardError.write(`slipway: ${message} [${code}]\n  hint: ${hint}\n`);
  return failureExit(error.failures[0]!);
}

/** A slipway.config.ts beside a package.json without a type is read twice by Node; dockerode calls url.parse. Neither is a user's business. */
const unheard: readonly (string | undefined)[] = ['MODULE_TYPELESS_PACKAGE_JSON', 'DEP0169'];

function silenceNode(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning: NodeJS.ErrnoException) => {
    if (!unheard.includes(warning.code)) standardError.write(`${warning.name}: ${warning.message}\n`);
  });
}

/**
 * `slipway all | head -1` closes our output, and what still runs is stopped as by Ctrl-C: nobody may take a build that was
 * not made for done. What answers at once has answered. A terminal that is closed also sends SIGHUP.
 */
function outputLost(error: NodeJS.ErrnoException, stop: (name: NodeJS.Signals) => void): void {
  if (error.code === 'EIO') return;
  if (error.code === 'EPIPE') return stop('SIGPIPE');
  if (error.code !== 'ENOSPC') throw error;
  process.exit(exitCodes[explain(new FailureError({ code: 'DISK_FULL', path: 'standard output' }), false)]);
}
