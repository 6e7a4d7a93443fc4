import { constants, accessSync, statSync } from 'node:fs';
import { lstat, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { type Environment, type Observed, type Unobserved, goCollectorNames } from '@slipway/model';
import type { Memo } from '../files/port.ts';
import type { CommandRunner } from '../process/port.ts';
import { kill, leftBehind } from '../process/left-behind.ts';
import { observedOf, tracedReads } from '../trace/observed.ts';
import { readTrace, straceCommand } from '../trace/strace.ts';
import { tracingWorks } from '../trace/works.ts';
import { readsBefore } from './reads-before.ts';
import type { ObserveRequest, TestObserver, TestWatch } from './port.ts';
import { type TestLog, parseTestLog } from './test-log.ts';

export interface ObserverOptions {
  readonly runner: CommandRunner;
  /** Packages whose tests were seen running programs. */
  readonly memo: Memo;
  /** The user's environment. Slipway reports variables that tests ask for and do not get. */
  readonly environment: Environment;
}

/**
 * Observes tests by the log of Go's own testing package (os.Getenv, Open, Stat, Chdir): `go test -exec` starts each
 * test binary through a script that enables the log and sets a temporary directory of its own. The log lacks the reads
 * of programs that a test starts, so a package whose tests started one runs under strace the next time, if there is
 * strace. So does a package that reads before its first test (TestMain). The others are not traced, because tracing
 * takes time.
 */
export function realTestObserver(options: ObserverOptions): TestObserver {
  return { open: (request) => open(request, options) };
}

async function open(
  { scratch, environment, directories, covers, signal }: ObserveRequest,
  { runner, memo, environment: users }: ObserverOptions,
): Promise<TestWatch> {
  const early = new Set([...directories.keys()].filter(readsBefore));
  const traced = [...directories].flatMap(([dir, importPath]) =>
    early.has(dir) || memo.get(memoKey(importPath)) !== undefined ? [dir] : [],
  );
  const canTrace = traced.length > 0 && (await tracingWorks(scratch, { runner, environment, signal }));
  const base = await makeBase(scratch, environment);
  const script = join(isWord(scratch) ? scratch : base, 'run-test');
  const hidden = goCollectorNames.filter((name) => !(name in environment));
  await writeFile(script, runTest(base, { traced: canTrace ? traced : [], hidden, covers }), { mode: 0o700 });
  let missed: readonly string[] = [];
  return {
    flags: [`-exec=${word(script)}`],
    async read() {
      const read = await readWatched({ base, environment, early });
      for (const [dir, seen] of read)
        if ('unknown' in seen && seen.unknown === RUNS_PROGRAMS) memo.set(memoKey(directories.get(dir) ?? dir), 'yes');
      const asked = [...read.values()].flatMap((seen) => ('variables' in seen ? seen.variables : []));
      missed = [...new Set(asked)].filter((name) => name in users && !(name in environment)).sort();
      return read;
    },
    profiles: () => profilesIn(base),
    missed: () => missed,
    [Symbol.asyncDispose]: () => remove(base),
  };
}

const NAME = 'sw-';
/** The name contains the calls. */
const WHOSE = 'scratch';

/**
 * A directory for temporary files of tests. Its path is short, because sockets in it have paths of at most 104 bytes.
 * The caller holds the tree's lock, so leftovers of an earlier run are of a killed one and are removed.
 */
async function makeBase(scratch: string, environment: Environment): Promise<string> {
  const wanted = resolve(environment['TMPDIR'] || tmpdir());
  const names = await readdir(wanted).catch(() => undefined);
  const parent = names === undefined ? scratch : wanted;
  for (const name of (names ?? []).filter((each) => each.startsWith(NAME))) {
    const dir = join(parent, name);
    const isOurs = (await lstat(dir).catch(() => undefined))?.uid === process.getuid?.();
    if (isOurs && (await readFile(join(dir, WHOSE), 'utf8').catch(() => '')) === scratch) await remove(dir);
  }
  const base = await mkdtemp(join(parent, NAME));
  await writeFile(join(base, WHOSE), scratch);
  return base;
}

/** A test may have removed the permission. */
async function remove(base: string): Promise<void> {
  for (const { pid } of await leftBehind(base)) kill(pid);
  await rm(base, { recursive: true, force: true, maxRetries: 3 });
}

/** Go splits the value of -exec at spaces. A word may have quotes of one kind, and there is no escape. */
const word = (path: string): string => (!/\s/.test(path) ? path : path.includes("'") ? `"${path}"` : `'${path}'`);

const isWord = (path: string): boolean => !/\s/.test(path) || !/'.*"|".*'/.test(path);

/** In every checkout. */
const memoKey = (importPath: string): string => `tests of ${importPath} run programs`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A process id may be reused by a later process. GOTMPDIR is the place of Go's binaries; newer testing packages would
 * create their directories there.
 */
function runTest(
  base: string,
  { traced, hidden, covers }: { traced: readonly string[]; hidden: readonly string[]; covers: boolean },
): string {
  const trace = straceCommand('"$d/trace"').join(' ');
  const cases =
    traced.length === 0 ? '' : `case $(pwd -P) in\n${traced.map(quoted).join(' | ')}) exec ${trace} "$@" ;;\nesac\n`;
  return `#!/bin/sh
d=${quoted(base)}/$$
while [ -e "$d" ]; do d=$d.; done
mkdir "$d" "$d/t" && pwd -P >"$d/dir" || exit 125
TMPDIR=$d/t
export TMPDIR
unset GOTMPDIR${hidden.map((name) => ` ${name}`).join('')}
test=$1
shift
set -- "$test" "-test.testlogfile=$d/log"${covers ? ' "-test.coverprofile=$d/profile"' : ''} "$@"
${cases}exec "$@"
`;
}

const RUNS_PROGRAMS = 'its tests run programs, and what those read is not known';

const READS_BEFORE = 'its tests may read before Go notes what they read (TestMain, init), and strace cannot be run';

async function readWatched(around: Around): Promise<Map<string, Observed | Unobserved>> {
  const { base } = around;
  const left = await leftBehind(base);
  const found = new Map<string, Observed | Unobserved>();
  for (const name of await readdir(base)) {
    const at = join(base, name);
    const dir = await startedIn(at);
    if (dir === '') continue;
    const process = left.find(({ temporary }) => temporary === join(at, 't'));
    const unknown = `it left the program ${process?.command} running, which was ended`;
    found.set(dir, process === undefined ? await readOne(at, dir, around) : { unknown });
  }
  return found;
}

const startedIn = async (at: string): Promise<string> =>
  (await readFile(join(at, 'dir'), 'utf8').catch(() => '')).trimEnd();

async function profilesIn(base: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(base)) {
    const profile = join(base, name, 'profile');
    const dir = await startedIn(join(base, name));
    if (dir !== '' && statSync(profile, { throwIfNoEntry: false })?.isFile() === true) found.set(dir, profile);
  }
  return found;
}

interface Around {
  readonly base: string;
  readonly environment: Environment;
  /** Packages that read before their first test. */
  readonly early: ReadonlySet<string>;
}

async function readOne(at: string, dir: string, around: Around): Promise<Observed | Unobserved> {
  const log = parseTestLog(await readFile(join(at, 'log'), 'utf8').catch(() => ''), dir, absolute);
  if (log === undefined) return { unknown: 'it ended before it reported what it read' };
  const trace = await readFile(join(at, 'trace'), 'utf8').catch(() => undefined);
  if (trace === undefined) {
    if (ranProgram(log, around.environment)) return { unknown: RUNS_PROGRAMS };
    return around.early.has(dir) ? { unknown: READS_BEFORE } : observed(log, around);
  }
  const { opened, looked, variables } = tracedReads(readTrace(trace, undefined, dir));
  return observed({ opened: [...log.opened, ...opened], looked: [...log.looked, ...looked], variables }, around);
}

const absolute = (from: string, to: string): string => normalize(isAbsolute(to) ? to : join(from, to));

const observed = (reads: TestLog, { base, environment }: Around): Observed =>
  observedOf(reads, [base, environment['GOTMPDIR'] ?? '']);

/**
 * Reports whether a test seems to have started a program: os/exec searches PATH and opens the null device for unused
 * input and output. A program with a path and three open streams is not detected.
 */
function ranProgram({ opened, looked }: TestLog, environment: Environment): boolean {
  const onPath = new Set((environment['PATH'] ?? '').split(delimiter));
  return opened.includes('/dev/null') || looked.some((path) => onPath.has(dirname(path)) && isProgram(path));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
