import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { cacheRefusal } from '@slipway/adapters';
import { type Target, findTarget, mostArguments } from '@slipway/catalog';
import { type Environment, type ExitCodeName, FailureError, counted, exitCodes, isLostName } from '@slipway/model';
import type { Answer } from './answer.ts';
import { askingOf } from './asking-of.ts';
import { showPlan } from './commands/build.ts';
import { commands } from './commands/index.ts';
import { compose } from './compose.ts';
import { commandExit, explain } from './explain.ts';
import { misspelled } from './misspelled.ts';
import { type CommandLine, isQuery, parseArguments } from './parse-arguments.ts';
import { perform } from './perform.ts';
import { standardError, standardOutput } from './report/printer.ts';
import { linesOfProgress } from './report/progress.ts';
import type { Services } from './services.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { narrowed } from './tests/narrowed.ts';

/** The whole program, from its arguments to its exit code. `parsed` is the parsed command line, if it is known. */
export async function run(argv: readonly string[], parsed?: CommandLine): Promise<number> {
  const environment = process.env as Environment;
  const stopped = stopOnSignals();
  silenceNode();
  for (const output of [process.stdout, process.stderr])
    output.on('error', (error: NodeJS.ErrnoException) => outputLost(error, stopped.stop));
  try {
    const line = parsed ?? parseArguments(argv, environment);
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
  if (target?.kind === 'query') refuseMore(target, line.words.slice(1));
  if (isQuery(line.words) && target?.kind === 'query')
    return say(line, await commands[target.name]({ ...asking, args: line.words.slice(1) }));
  const narrow = await narrowed(asking);
  return line.dryRun ? say(line, await showPlan(narrow)) : perform(narrow);
}

function refuseMore(target: Target, given: readonly string[]): void {
  const most = mostArguments(target, given[0]);
  if (given.length > most)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `${target.name} takes ${most === 0 ? 'no words' : `at most ${counted(most, 'word')}`} after it; ${given[most]} is one too many`,
      hint: `slipway help ${target.name}; for example: ${target.example}`,
    });
}

/** The directory of -C. A missing directory is an error, because a parent directory may be a tree, too. */
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

function say(line: CommandLine, { lines, data, exit }: Answer): ExitCodeName {
  if (line.json) standardOutput.json(data);
  else if (lines.length > 0) standardOutput.lines(lines);
  return exit;
}

/**
 * Warnings that users cannot act on: Node reads a slipway.config.ts beside a package.json without a type twice;
 * dockerode calls url.parse.
 */
const unheard: readonly (string | undefined)[] = ['MODULE_TYPELESS_PACKAGE_JSON', 'DEP0169'];

function silenceNode(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning: NodeJS.ErrnoException) => {
    if (!unheard.includes(warning.code)) standardError.write(`${warning.name}: ${warning.message}\n`);
  });
}

/**
 * `slipway all | head -1` closes the output. Slipway then stops the run as Ctrl-C does, because an incomplete build
 * must not exit with success. Targets that answer at once have already answered. A terminal that closes also sends
 * SIGHUP.
 */
function outputLost(error: NodeJS.ErrnoException, stop: (name: NodeJS.Signals) => void): void {
  if (error.code === 'EIO') return;
  if (error.code === 'EPIPE') return stop('SIGPIPE');
  if (error.code !== 'ENOSPC') throw error;
  process.exit(exitCodes[explain(new FailureError({ code: 'DISK_FULL', path: 'standard output' }), false)]);
}
