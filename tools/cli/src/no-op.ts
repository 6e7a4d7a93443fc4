import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { checkRunRecord } from '@slipway/freshness/run-record';
import { isAbsence } from '@slipway/adapters/git-refusal';
import { runOnTheSpot } from '@slipway/adapters/on-the-spot';
import { tagState } from '@slipway/adapters/tag-state';
import { covers, isTest, knownEnvironment, testEnvironment } from '@slipway/catalog';
import { type Environment, gitEnvironment, gitQuestion } from '@slipway/model';
import { reportDirectory } from './tests/report-directory.ts';
import { runRecordDirectory } from './run-record-directory.ts';
import { type CommandLine, parseArguments } from './parse-arguments.ts';
import type { TestedTree } from './tests/tested-tree.ts';
import { slipwayIdentity } from './slipway-version.ts';
import { treeRoot } from './tree-root.ts';

/** The record for the next run, in case nothing changes. */
export interface NoOpPayload {
  /** Only after a run of tests. */
  readonly tests?: KnownTests | undefined;
  readonly said: string;
  /** The tag in the version stamp. Empty: there was none. Absent: nothing is stamped. */
  readonly nearestTag: string | undefined;
  /** The state of git's files that determine `nearestTag`; absent if only git can tell. */
  readonly tagState: string | undefined;
  readonly describeArgs: readonly string[];
}

/** Passed tests, with the data for reports. */
export interface KnownTests {
  readonly tree: TestedTree;
  readonly packages: readonly KnownPackage[];
}

interface KnownPackage {
  readonly importPath: string;
  readonly dir: string;
  readonly moduleDir: string;
  /** Absolute path of the file with its result. */
  readonly file: string;
}

/** The remaining work if nothing changed. */
export interface QuickAnswer {
  readonly line: CommandLine;
  /** The text to print. */
  readonly said: string;
  /** The tests to report. */
  readonly tests: KnownTests | undefined;
}

/** The result of a first check, before the rest of slipway is loaded. */
export interface FirstLook {
  /** The parsed arguments; undefined if they are invalid, which the run reports. */
  readonly line: CommandLine | undefined;
  /** Set if nothing changed since a run of the same request; undefined if the full run is needed. */
  readonly answer: QuickAnswer | undefined;
}

export function firstLook(argv: readonly string[], environment: Environment): FirstLook {
  let line: CommandLine;
  try {
    line = parseArguments(argv, environment);
  } catch {
    return { line: undefined, answer: undefined };
  }
  return { line, answer: quickAnswer(line, environment) };
}

function quickAnswer(line: CommandLine, environment: Environment): QuickAnswer | undefined {
  const payload = checkNoOp(line, environment);
  if (payload === undefined) return undefined;
  const isQuiet = line.silent || line.goOutput;
  return { line, said: isQuiet ? '' : `${payload.said}\n`, tests: reports(line) ? payload.tests : undefined };
}

/**
 * The record of the last run of the same request if nothing changed since; else undefined. It compares the stats of
 * files, and the content of sources with changed stats. It starts no Go and plans nothing. It calls git only if a tag
 * is stamped and refs changed.
 */
function checkNoOp(line: CommandLine, environment: Environment): NoOpPayload | undefined {
  const asksMore = line.json && !line.goOutput;
  if (line.dryRun || asksMore || line.explain || line.always || leavesFile(line, environment)) return undefined;
  let root: string;
  try {
    root = treeRoot(resolve(line.directory), environment);
  } catch {
    return undefined;
  }
  const request = noOpRequest(line, environment, root);
  if (request === undefined) return undefined;
  const check = checkRunRecord(request.file, request.key);
  if (!check.fresh) return undefined;
  const payload = JSON.parse(check.payload) as NoOpPayload;
  return hasSameTag(root, payload) ? payload : undefined;
}

const hasSameTag = (root: string, { nearestTag: tag, tagState: state, describeArgs }: NoOpPayload): boolean =>
  tag === undefined || (state !== undefined && state === tagState(root)) || tag === nearestTag(root, describeArgs);

/** Reports of tests need every test. The record contains them. */
const reports = ({ words, goOutput, variables }: CommandLine): boolean =>
  words.some(isTest) && (goOutput || reportDirectory(variables) !== undefined || covers(variables));

/** Asks for a file about the run that the record cannot provide. (It can provide reports of tests.) */
const leavesFile = ({ report, trace, words, variables }: CommandLine, environment: Environment): boolean =>
  report ||
  trace !== undefined ||
  (environment['GITHUB_STEP_SUMMARY'] ?? '') !== '' ||
  (reportDirectory(variables) !== undefined && !(words.length > 0 && words.every(isTest)));

/** The path of this request's record, and its key; undefined for requests that are never recorded. */
export function noOpRequest(
  line: CommandLine,
  environment: Environment,
  root: string,
): { readonly file: string; readonly key: string } | undefined {
  const directory = runRecordDirectory(environment);
  // The other profiles stamp the commit and the state of the tree, which depends on every file. Other records hold
  // failed and affected packages.
  if (directory === undefined || line.profile !== 'dev' || line.failed || line.affected) return undefined;
  const key = JSON.stringify([
    slipwayIdentity(),
    root,
    line.words,
    line.noConfig,
    line.testing,
    Object.entries(line.variables).sort(),
    knownEnvironment(environment),
    testEnvironment(line.variables, environment),
  ]);
  // The record contains its key, so requests with the same name only overwrite each other. A better digest would take
  // longer to load than the rest of this check.
  return { file: join(directory, crc32(key).toString(16).padStart(8, '0')), key };
}

/** Empty if there is none; undefined if git does not answer. */
function nearestTag(root: string, describeArgs: readonly string[]): string | undefined {
  const match = describeArgs.filter((word) => !word.startsWith('--abbrev'));
  const { exit, stdout, stderr } = runOnTheSpot({
    argv: gitQuestion('-C', root, 'describe', ...match, '--abbrev=0', 'HEAD'),
    cwd: process.cwd(),
    env: gitEnvironment(process.env as Environment),
  });
  if (exit === 0) return stdout.trim();
  return isAbsence(stderr, root) ? '' : undefined;
}
