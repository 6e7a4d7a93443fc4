import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import type { CommandResult } from '@slipway/adapters';
import { type Copied, type Environment, type Platform, FailureError, archOf, osOf } from '@slipway/model';
import { parseRecords } from '../golang-sh/answer.ts';
import { type RememberingAsker, runProbe } from '../golang-sh/run-probe.ts';
import { type GoBuild, buildsOf } from './builds.ts';
import { probe, programs } from './scripts.ts';

export interface MakeQuestion extends RememberingAsker {
  readonly copied: Copied;
  readonly host: Platform;
  /** Maximum milliseconds for make. */
  readonly longest?: number | undefined;
}

/** The goal that make ran, and its calls of Go. */
export interface MakeAnswer {
  /** `make build` */
  readonly asked: string;
  readonly goal: string;
  /** The same calls in each world, with that world's answers of git. */
  readonly builds: readonly (readonly GoBuild[])[];
}

/** A command of git and its directory, relative to the root. */
export interface GitCall {
  readonly dir: string;
  readonly args: readonly string[];
}

/** Milliseconds. Makefiles answer in a second or two, on a busy machine later. */
const LONGEST_WAIT = 60_000;

/** Goals that build, best first. Slipway uses the first that calls Go to build. */
const goals = ['binaries', 'build', 'all', 'server-binaries'];

/** Two imaginary repositories. Values that differ between them depend on the commit. */
const worlds: readonly Environment[] = [
  {
    SLIPWAY_COMMIT: '0123456789abcdef0123456789abcdef01234567',
    SLIPWAY_TAG: 'v7.101.1',
    SLIPWAY_BRANCH: 'slipway-one',
    SLIPWAY_DIRTY: '',
    SLIPWAY_SECONDS: '1700000000',
  },
  {
    SLIPWAY_COMMIT: 'fedcba9876543210fedcba9876543210fedcba98',
    SLIPWAY_TAG: 'v8.202.2',
    SLIPWAY_BRANCH: 'slipway-two',
    SLIPWAY_DIRTY: '1',
    SLIPWAY_SECONDS: '1600000000',
  },
];

/** Why no answer came in time, on a machine that may have more time later. */
export interface Late {
  readonly late: string;
}

/**
 * From the memo when nothing of what make sees changed. Undefined where it has Go build nothing, and a text where it cannot be asked. One
 * that gives no answer in time is asked again by the next run.
 */
export async function askMake(question: MakeQuestion): Promise<MakeAnswer | Late | string | undefined> {
  const key = `make ${contentKey(question)}`;
  const remembered = question.memo.get(key);
  if (remembered !== undefined) return (JSON.parse(remembered) as { answer?: MakeAnswer | string }).answer;
  const answers = await Promise.all(worlds.map((world) => ran(question, { SLIPWAY_TREE: '', ...world })));
  const late = answers.find((each) => typeof each === 'object' && 'late' in each);
  if (late !== undefined) return late as Late;
  const answer = together(question.copied.file, answers as (Ran | string)[]);
  question.memo.set(key, JSON.stringify({ answer }));
  return answer;
}

async function ran(question: MakeQuestion, world: Environment): Promise<Ran | Late | string> {
  try {
    return await runMake(question, goals, world);
  } catch (error) {
    const [failure] = error instanceof FailureError ? error.failures : [];
    if (failure?.code === 'BAD_SCRIPT') return { late: `${failure.fact}; the next run asks again` };
    throw error;
  }
}

function together(file: string, answers: readonly (Ran | string)[]): MakeAnswer | string | undefined {
  const refused = answers.find((each) => typeof each === 'string');
  if (refused !== undefined) return refused as string;
  const [one, other] = answers as readonly [Ran, Ran];
  if (one.builds.length === 0) return undefined;
  if (one.builds.length !== other.builds.length || one.goal !== other.goal)
    return 'it builds other commands in another commit';
  const asked = `make ${posix.dirname(file) === '.' ? '' : `-C ${posix.dirname(file)} `}${one.goal}`;
  return { asked, goal: one.goal, builds: [one.builds, other.builds] };
}

export interface Ran {
  readonly goal: string;
  readonly builds: readonly GoBuild[];
  readonly git: readonly GitCall[];
}

/** Runs the unchanged make on a copy of its files. A text says why there is no answer. Throws INTERRUPTED. */
export async function runMake(
  question: MakeQuestion,
  wanted: readonly string[],
  settings: Environment,
): Promise<Ran | string> {
  const { root, copied, host, code } = question;
  for (const path of copied.files.filter((each) => !/(?:^|\/)go\.(?:mod|work)$/.test(each)))
    code?.allow(root, join(root, path));
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const groups = [copied.files, copied.directories, copied.empty, wanted, assignments];
  const args = [
    programs(),
    root,
    posix.dirname(copied.file),
    osOf(host),
    archOf(host),
    ...groups.flatMap((each) => [...each, '--']),
  ];
  const result = await runProbe(question, {
    ...{ script: copied.file, probe: probe(), args, given: {} },
    longest: question.longest ?? LONGEST_WAIT,
  });
  return readRan(result);
}

function readRan({ stdout }: CommandResult): Ran | string {
  const records = parseRecords(stdout);
  if (records === undefined || records.at(-1)?.[0] !== 'done') return 'make gave no answer';
  const of = (kind: string): string[][] => records.filter(([name]) => name === kind).map(([, ...fields]) => fields);
  const [missing] = of('missing').flat();
  if (missing !== undefined) return `${missing} is not installed, which it calls`;
  const own = of('own')[0]![0]!;
  const inner = (path: string): string => posix.relative(own, path) || '.';
  const builds = buildsOf(of('go'), own);
  const git = of('git').map(([dir = own, ...args]): GitCall => ({ dir: inner(dir), args }));
  return { goal: of('goal').at(-1)?.[0] ?? '', builds, git };
}

/** Names and contents of all files that make sees. */
export function contentKey({ root, disk, copied, host }: MakeQuestion): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([probe(), programs(), goals, worlds, host, copied]));
  for (const path of copied.files) hash.update(`\0${disk.readText(join(root, path)) ?? ''}`);
  return hash.digest('hex');
}
