import {
  type Flag,
  type FlagName,
  type Target,
  findTarget,
  isTest,
  findVariable,
  flags,
  nearest,
  targets,
  variables as variableTable,
  checkKind,
} from '@slipway/catalog';
import {
  type Environment,
  type Failure,
  FailureError,
  type Profile,
  type TestChoice,
  type Transport,
  isExclusion,
  isLabel,
  parseLabel,
} from '@slipway/model';
import type { ColorChoice } from './report/color.ts';
import { readFlags } from './read-flags.ts';

/** The command line, each word checked against the tables. The names of a tree's commands are not known yet. */
export interface CommandLine {
  /** Goals; for an answering target also its arguments (`compare A B`, `completion bash`). */
  readonly words: readonly string[];
  /** The words after two dashes, unchanged. */
  readonly command: readonly string[];
  /** Variables of the command line, then of the environment, as in make. Only names of the catalog. */
  readonly variables: Environment;
  readonly directory: string;
  /** The words as typed. */
  readonly typed: readonly string[];
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly silent: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Undefined: chosen by the kind of output. */
  readonly progress: 'tui' | 'plain' | undefined;
  readonly color: ColorChoice;
  readonly json: boolean;
  /** Slipway reads the tree without running any of its code. */
  readonly noConfig: boolean;
  /** Profile release continues without git or a C compiler. */
  readonly allowMissing: boolean;
  readonly explain: boolean;
  readonly report: boolean;
  /** A trace file for Perfetto and Chrome. */
  readonly trace: string | undefined;
  /** make's -B. */
  readonly always: boolean;
  readonly force: boolean;
  readonly fix: boolean;
  readonly repair: boolean;
  readonly moveTags: boolean;
  readonly makefile: boolean;
  readonly with: string | undefined;
  readonly output: string | undefined;
  readonly base: string | undefined;
  readonly head: string | undefined;
  readonly nx: boolean;
  /** Undefined: the number of cores. */
  readonly jobs: number | undefined;
  /** Settings of a cluster; `none` turns it off. */
  readonly remote: RemoteFlags;
  /** Which of the named tests run. */
  readonly testing: TestChoice;
  /** Only the named packages that failed last time. */
  readonly failed: boolean;
  /** Only the named packages that depend on changes since `base`. */
  readonly affected: boolean;
  /** Standard output is that of `go test`, or with --json that of `go test -json`. */
  readonly goOutput: boolean;
  readonly profile: Profile;
  readonly fromPackages: boolean;
  readonly withoutDocker: boolean;
  /** Undefined: chosen automatically. */
  readonly sync: Transport | undefined;
}

export interface RemoteFlags {
  readonly url: string | undefined;
  readonly jobs: number | undefined;
  readonly localJobs: number;
  /** A percentage. */
  readonly verify: number;
}

/** Throws a FailureError with all errors, not only the first. */
export function parseArguments(argv: readonly string[], environment: Environment): CommandLine {
  const { values, positionals, command, failures } = readFlags(flagsAsTopics(argv));
  const words: string[] = [];
  const given: Record<string, string> = {};
  for (const word of positionals) {
    const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(word);
    if (assignment === null) words.push(word);
    else given[assignment[1]!] = assignment[2]!;
  }
  joinSubcommand(words);
  const inherited = fromEnvironment(environment);
  failures.push(...checkVariables({ ...inherited, ...given }));
  if (!isQuery(words)) failures.push(...moveLabels(words, given));
  if (values.get('help') !== undefined) words.unshift('help');
  if (values.get('watch') !== undefined) words.unshift('watch');
  if (values.get('version') !== undefined) words.unshift('version');
  const profile = (values.get('profile') as Profile | undefined) ?? defaultProfile(words);
  const jobs = values.get('jobs');
  if (command.length > 0 && !takesCommand(words[0] ?? 'all'))
    failures.push({
      code: 'BAD_USAGE',
      fact: `only ${targets
        .filter(({ name }) => takesCommand(name))
        .map(({ name }) => name)
        .join(', ')} take a command after two dashes, not ${words[0] ?? 'all'}`,
      hint: `slipway run -- ${command.join(' ')}`,
    });
  failures.push(...checkFlags([...values.keys()], words));
  const testing = testChoice(values, failures);
  if (words.some((word) => isTest(word) || checkKind(word)) && values.has('affected') !== values.has('base'))
    failures.push({
      ...{ code: 'BAD_USAGE', fact: '--affected and --base REF belong together' },
      hint: `slipway ${words[0]} --affected --base main`,
    });
  const tests = given['TESTS'] ?? inherited['TESTS'];
  if (words.some(isTest) && tests !== undefined)
    given['WHAT'] = [given['WHAT'] ?? inherited['WHAT'], tests].filter(Boolean).join(' ');
  if (failures.length > 0) throw new FailureError(...failures);
  const progress = values.get('progress');
  const has = (name: FlagName): boolean => values.has(name);
  return {
    words,
    command,
    variables: { ...inherited, ...given },
    directory: values.get('directory') ?? '.',
    typed: argv,
    dryRun: has('dry-run'),
    keepGoing: has('keep-going'),
    silent: has('silent') || progress === 'none',
    quiet: has('quiet'),
    verbose: has('verbose') || Number({ ...inherited, ...given }['KUBE_VERBOSE'] || 1) >= 2,
    progress: progress === 'tui' || progress === 'plain' ? progress : undefined,
    color: (values.get('color') as ColorChoice | undefined) ?? 'auto',
    json: has('json') || progress === 'json',
    noConfig: has('no-config'),
    allowMissing: has('allow-missing'),
    explain: has('explain'),
    report: has('report'),
    trace: values.get('trace'),
    always: has('always-make'),
    force: has('force'),
    fix: has('fix'),
    repair: has('repair'),
    moveTags: has('move-tags'),
    makefile: has('makefile'),
    with: values.get('with'),
    output: values.get('output'),
    base: values.get('base'),
    head: values.get('head'),
    nx: has('nx'),
    jobs: jobs === undefined ? undefined : Number(jobs) || Number.MAX_SAFE_INTEGER,
    remote: {
      url: values.get('remote'),
      jobs: values.has('remote-jobs') ? Number(values.get('remote-jobs')) : undefined,
      localJobs: Number(values.get('local-jobs') ?? 0),
      verify: Number.parseInt(values.get('remote-verify') ?? '0', 10),
    },
    testing,
    failed: has('failed'),
    affected: has('affected'),
    goOutput: has('go-output'),
    profile,
    fromPackages: has('from-packages'),
    withoutDocker: has('without-docker'),
    sync: values.get('sync') as Transport | undefined,
  };
}

/** `help --profile` asks about the flag. In other calls of help, a flag keeps its meaning. */
const flagsAsTopics = (argv: readonly string[]): readonly string[] =>
  argv[0] !== 'help' ? argv : argv.map((word) => topicOf(word) ?? word);

function topicOf(word: string): string | undefined {
  const flag = flags.find((row: Flag) => word === `--${row.name}` || word === `-${row.short}`);
  return flag === undefined || flag.name === 'json' || flag.name === 'directory' ? undefined : flag.name;
}

/**
 * Labels are words of WHAT, in any position. Alone, they are built. The same holds for words beside a target of tests
 * that are not targets. `bazel-build` has its own words.
 */
function moveLabels(words: string[], given: Record<string, string>): Failure[] {
  const isTested = words.some(isTest);
  const isPlace = (word: string): boolean => isLabel(word) || (isTested && findTarget(word) === undefined);
  const labels = words.filter(isPlace);
  const others = words.filter((word) => !isPlace(word));
  if (labels.length > 0 && !others.some((word) => findTarget(word)?.kind === 'build')) others.push('build');
  words.splice(0, words.length, ...others);
  if (labels.length > 0) given['WHAT'] = [given['WHAT'], ...labels].filter(Boolean).join(' ');
  else if (words.includes('bazel-build')) given['WHAT'] ??= '//... -//vendor/...';
  return (given['WHAT'] ?? '').split(/\s+/).filter(isLabel).flatMap(checkLabel);
}

function checkLabel(word: string): Failure[] {
  const dash = isExclusion(word) ? 1 : 0;
  const parsed = parseLabel(word.slice(dash));
  if (parsed.ok) return [];
  const hint = 'as in slipway build //cmd/kubectl //pkg/... -//pkg/kubelet/...';
  return [{ code: 'BAD_LABEL', text: word, at: parsed.at + dash, fact: parsed.fact, hint }];
}

/** `release verify DIR` means `release-verify DIR`: a target that works on the result of another. */
function joinSubcommand(words: string[]): void {
  const first = words[0] === 'help' ? 1 : 0;
  const joined = `${words[first]}-${words[first + 1]}`;
  if (findTarget(joined)?.kind === 'query') words.splice(first, 2, joined);
}

function testChoice(values: ReadonlyMap<FlagName, string>, failures: Failure[]): TestChoice {
  const [nth, of] = values.get('shard')?.split('/').map(Number) ?? [];
  if (nth !== undefined && nth > of!)
    failures.push({
      code: 'BAD_VALUE',
      variable: '--shard',
      value: `${nth}/${of}`,
      expected: 'I/N with I from 1 to N',
    });
  const number = (name: FlagName): number | undefined => (values.has(name) ? Number(values.get(name)) : undefined);
  return {
    run: values.get('run'),
    skip: values.get('skip'),
    shard: nth === undefined ? undefined : { nth, of: of! },
    runs: number('runs-per-test'),
    attempts: number('flaky-attempts'),
  };
}

/** Reports whether the target takes words after two dashes. */
const takesCommand = (word: string): boolean => {
  const target: Target | undefined = findTarget(word);
  return target?.arguments?.startsWith('-- ') === true;
};

/** The first target with its own default profile decides. */
const defaultProfile = (words: readonly string[]): Profile =>
  words.flatMap((word) => {
    const target: Target | undefined = findTarget(word);
    return target?.profile ?? [];
  })[0] ?? 'dev';

/** A flag of one target is an error with another target. */
function checkFlags(given: readonly FlagName[], words: readonly string[]): Failure[] {
  return given.flatMap((name): Failure[] => {
    const flag = flags.find((candidate) => candidate.name === name)!;
    const only: readonly string[] = 'only' in flag ? [flag.only].flat() : [];
    if (only.length === 0 || only.some((target) => words.includes(target))) return [];
    return [
      {
        code: 'BAD_USAGE',
        fact: `--${name} is a flag of ${only.join(', ')}`,
        hint: `slipway ${only[0]} --${name}${'value' in flag ? ` ${flag.value}` : ''}`,
      },
    ];
  });
}

function checkVariables(given: Environment): Failure[] {
  return Object.entries(given).flatMap(([name, value]): Failure[] => {
    const variable = findVariable(name);
    if (variable === undefined)
      return [
        {
          code: 'UNKNOWN_VARIABLE',
          word: name,
          nearest: nearest(
            name,
            variableTable.map((row) => row.name),
          ),
        },
      ];
    if (variable.expected !== undefined && !variable.expected.test.test(value))
      return [{ code: 'BAD_VALUE', variable: name, value, expected: variable.expected.words }];
    return [];
  });
}

/** Variables that other programs use too, with other values. Slipway ignores DBG=yes, for example. */
const ofOthersToo: readonly string[] = ['DBG', 'PARALLEL'];

const fromEnvironment = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) =>
        findVariable(name) !== undefined &&
        (!ofOthersToo.includes(name) || findVariable(name)?.expected?.test.test(value) !== false),
    ),
  );

/** Reports whether the words are a query instead of a build. Then the other words are its arguments. */
export const isQuery = (words: readonly string[]): boolean => findTarget(words[0] ?? 'all')?.kind === 'query';
