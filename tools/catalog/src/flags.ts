import { profiles } from './profiles.ts';
import { checkKind, eitherWay, isTest, targets } from './targets.ts';
import { transports } from './transports.ts';

/** Flags of the command line. `short` is make's letter. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** The targets that accept the flag. */
  readonly only?: string | readonly string[];
  /** The word after the flag, if it takes one. */
  readonly value?: string;
  /** The valid words, if not all are. */
  readonly expected?: { readonly words: string; readonly test: RegExp };
  readonly summary: string;
  /** The text in the first screen of help, for the ten most used flags. */
  readonly brief?: string;
}

const oneOf = (...words: readonly string[]): Required<Flag>['expected'] => ({
  words: words.join(', '),
  test: new RegExp(`^(?:${words.join('|')})$`),
});

const inContainers = [
  ...targets.filter(({ kind }) => kind === 'containerized').map(({ name }): string => name),
  ...eitherWay,
];

const inTests = targets.map(({ name }): string => name).filter(isTest);
const inChecks = targets.map(({ name }): string => name).filter((name) => checkKind(name) === 'verify');
const number = { words: 'a number, at least 1', test: /^[1-9]\d{0,3}$/ } as const;

export const flags = [
  { name: 'directory', short: 'C', brief: 'work in that tree', value: 'DIR', summary: 'work in the tree of DIR' },
  {
    name: 'dry-run',
    short: 'n',
    brief: 'print the plan only',
    summary: 'print the exact plan and touch nothing',
  },
  {
    name: 'jobs',
    short: 'j',
    brief: 'calls of Go at once',
    value: 'N',
    expected: { words: 'a number, at least 1; -j alone: no limit', test: /^(?:[1-9]\d{0,5})?$/ },
    summary: 'Go invocations at the same time (default: cores, as memory allows)',
  },
  {
    name: 'remote',
    value: 'URL',
    expected: {
      words: 'grpc://host:port, several with commas, or none',
      test: /^(?:none|grpcs?:\/\/[^,\s]+(?:,grpcs?:\/\/[^,\s]+)*)$/,
    },
    summary:
      'build on a cluster that speaks the Remote Execution API: grpc://host:port, commas between nodes; none: this machine',
  },
  { name: 'remote-jobs', value: 'N', expected: number, summary: 'steps that the cluster gets at once' },
  {
    name: 'local-jobs',
    value: 'N',
    expected: { words: 'a number', test: /^\d{1,4}$/ },
    summary: 'how many steps for the cluster this machine runs (default 0: only those the cluster cannot run)',
  },
  {
    name: 'remote-verify',
    value: 'N%',
    expected: { words: 'a share, as 1% or 100%', test: /^(?:100|[1-9]?\d)%$/ },
    summary: 'build this share of the steps of the cluster on this machine, too, and compare the bytes',
  },
  {
    name: 'keep-going',
    short: 'k',
    brief: 'go on after a failure',
    summary: 'keep going with steps that do not depend on a failure',
  },
  { name: 'silent', short: 's', brief: 'print failures only', summary: 'print failures only' },
  { name: 'quiet', short: 'q', summary: 'print failures and the result only' },
  { name: 'verbose', short: 'v', summary: 'also print what programs say that succeed, as KUBE_VERBOSE=2' },
  {
    name: 'progress',
    value: 'HOW',
    expected: oneOf('tui', 'plain', 'json', 'none'),
    summary:
      'how slipway reports a run: tui (default at a terminal), plain, json (the same as --json), none (failures only)',
  },
  {
    name: 'color',
    value: 'WHEN',
    expected: oneOf('auto', 'always', 'never'),
    summary: 'colours: auto (default; NO_COLOR and FORCE_COLOR decide), always, never',
  },
  { name: 'always-make', short: 'B', brief: 'rebuild everything', summary: 'rebuild everything' },
  {
    name: 'profile',
    brief: 'dev, release or make',
    value: 'NAME',
    expected: oneOf(...Object.keys(profiles)),
    summary: "dev (default), release, or make: the tree's own flags, path and stamps",
  },
  {
    name: 'allow-missing',
    summary: 'profile release: go on without git, a C compiler or the Makefile, and print a note',
  },
  { name: 'no-config', summary: 'run no code of the tree to read it; use conventions only' },
  { name: 'explain', brief: 'say why of each step', summary: 'print for each step how it ended, and why' },
  { name: 'json', brief: 'print events for programs', summary: 'print events (with -n: the plan) as JSON, one a line' },
  {
    name: 'report',
    brief: 'leave a page of the run',
    summary: 'write a page about the run: _output/local/report.html',
  },
  {
    name: 'trace',
    value: 'FILE',
    summary: 'write a timeline of the run to FILE, for Perfetto (ui.perfetto.dev) and Chrome',
  },
  {
    name: 'run',
    only: [...inTests, 'watch'],
    value: 'RE',
    summary: "test: only tests that match, as Go's -run; watch of builds: a command that is restarted",
  },
  { name: 'skip', only: inTests, value: 'RE', summary: "test: leave out tests that match, as Go's -skip (Go 1.20)" },
  {
    name: 'shard',
    only: inTests,
    value: 'I/N',
    expected: { words: 'I/N with I from 1 to N, as 2/5', test: /^[1-9]\d{0,3}\/[1-9]\d{0,3}$/ },
    summary: 'test: the Ith of N parts of the packages, the same on every machine',
  },
  { name: 'failed', only: inTests, summary: 'test: the packages that failed in their last run' },
  {
    name: 'affected',
    only: [...inTests, ...inChecks],
    summary: 'test, verify: the packages or checks that a change since --base may affect',
  },
  {
    name: 'runs-per-test',
    only: inTests,
    value: 'N',
    expected: number,
    summary: 'test: run each test N times; results are not kept',
  },
  {
    name: 'flaky-attempts',
    only: inTests,
    value: 'N',
    expected: number,
    summary:
      'test: run a failed package again, up to N times in all; if it passes then, it is flaky, and its result is not kept',
  },
  {
    name: 'go-output',
    only: inTests,
    summary: 'test: print only the output of go test, for all packages; with --json, the events of go test -json',
  },
  {
    name: 'base',
    only: ['affected', ...inTests, ...inChecks],
    value: 'REF',
    summary: 'affected, --affected: since when',
  },
  { name: 'head', only: 'affected', value: 'REF', summary: 'affected: until when (default: the work tree)' },
  {
    name: 'output',
    only: 'query',
    value: 'KIND',
    expected: oneOf('label', 'json', 'graph'),
    summary: 'query: label (default), json or graph (for Graphviz)',
  },
  {
    name: 'nx',
    only: 'affected',
    summary: 'affected: Nx projects in a line, for … | xargs -r nx run-many -t build -p',
  },
  {
    name: 'with',
    only: 'compare',
    value: 'make',
    expected: oneOf('make'),
    summary: "compare: against the tree's own make",
  },
  { name: 'repair', only: 'release-audit', summary: 'release audit: make missing or wrong artifacts again' },
  {
    name: 'move-tags',
    only: 'push-images',
    summary: 'push-images: move tags that name other images',
  },
  { name: 'fix', only: 'doctor', summary: 'doctor: print and run the commands that install what is missing' },
  { name: 'makefile', only: 'init', summary: 'init: write a Makefile that forwards to slipway' },
  { name: 'force', only: 'init', summary: 'init: overwrite' },
  {
    name: 'from-packages',
    only: inContainers,
    summary: 'make the base image from packages, even where one could be pulled',
  },
  {
    name: 'without-docker',
    only: [...eitherWay, 'release-audit'],
    summary: 'release: build on this machine, not in containers',
  },
  {
    name: 'sync',
    only: inContainers,
    value: 'NAME',
    expected: oneOf(...Object.keys(transports)),
    summary: 'how the tree gets into the container (default: tar; with KUBE_RSYNC_… rsync, if it is available)',
  },
  { name: 'help', short: 'h', summary: 'the same as the target help' },
  { name: 'watch', summary: 'the same as the target watch' },
  { name: 'version', short: 'V', summary: 'the same as the target version' },
] as const satisfies readonly Flag[];

export type FlagName = (typeof flags)[number]['name'];
