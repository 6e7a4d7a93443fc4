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

/** What the next run is told when nothing changed. */
export interface NoOpPayload {
  /** Of a run that tested. */
  readonly tests?: KnownTests | undefined;
  readonly said: string;
  /** The tag the stamp follows; empty when there was none, absent when nothing is stamped. */
  readonly nearestTag: string | undefined;
  /** That `nearestTag` follows from; absent where only git tells. */
  readonly tagState: string | undefined;
  readonly describeArgs: readonly string[];
}

/** Tests that passed, and what reports of them are made of. */
export interface KnownTests {
  readonly tree: TestedTree;
  readonly packages: readonly KnownPackage[];
}

interface KnownPackage {
  readonly importPath: string;
  readonly dir: string;
  readonly moduleDir: string;
  /** That holds its result, absolute. */
  readonly file: string;
}

/** What is left to do when nothing changed. */
export interface QuickAnswer {
  readonly line: CommandLine;
  /** To print. */
  readonly said: string;
  /** To write reports of. */
  readonly tests: KnownTests | undefined;
}

/** What is found before anything else of slipway is loaded. */
export interface FirstLook {
  /** What the arguments mean; undefined where they mean nothing, which the run tells. */
  readonly line: CommandLine | undefined;
  /** When nothing changed since a run of the same request; undefined when there is more to do than looking, and reporting. */
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
 * The record of the last run of the same request, if nothing changed since; else undefined. It compares the stats of files, and the
 * content of sources whose stat differs. It starts no Go and makes no plan; it calls git only where a tag is stamped and refs changed.
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

/** Reports of tests speak of each of them; they are made of the record. */
const reports = ({ words, goOutput, variables }: CommandLine): boolean =>
  words.some(isTest) && (goOutput || reportDirectory(variables) !== undefined || covers(variables));

/** Asks for a file about the run that the record cannot make; reports of tests it can. */
const leavesFile = ({ report, trace, words, variables }: CommandLine, environment: Environment): boolean =>
  report ||
  trace !== undefined ||
  (environment['GITHUB_STEP_SUMMARY'] ?? '') !== '' ||
  (reportDirectory(variables) !== undefined && !(words.length > 0 && words.every(isTest)));

/** Where the record of this request is, and what it must say to be about it; undefined for requests that are never recorded. */
export function noOpRequest(
  line: CommandLine,
  environment: Environment,
  root: string,
): { readonly file: string; readonly key: string } | undefined {
  const directory = runRecordDirectory(environment);
  // The other profiles stamp the commit and whether the tree is clean, for which every file of the tree would count.
  // Which packages failed, or are affected, is known by other records.
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
  // The record holds its key: two requests of one name would only take turns. A better digest takes longer to load than all else here.
  return { file: join(directory, crc32(key).toString(16).padStart(8, '0')), key };
}

/** Empty when there is none; undefined where git does not say. */
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
