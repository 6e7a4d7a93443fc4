import {
  type CheckKind,
  type Environment,
  type Facts,
  type GitFacts,
  type Machine,
  type Platform,
  type Profile,
  type TestFacts,
  type Tree,
  buildSeconds,
  formatGoFlag,
  goTagsOf,
  isGoFlagOn,
  parseGoFlags,
  splitGoFlags,
  splitQuoted,
} from '@slipway/model';
import { resolve } from 'node:path';
import { DEFAULT_OUT_DIR, installationOf, testEnvironment } from '@slipway/catalog';
import type { CommandRunner, GitReader, GoFinder, GoRequest, Memo, PinnedTools, ScriptViews } from '@slipway/adapters';
import { beforeInputs } from './config-before.ts';
import { readChecks } from './checks.ts';
import { findProgram, goSettings, inheritedEnvironment, readDefaults, withDefaults } from './environment.ts';
import { goScratch } from './go-scratch.ts';
import { readGeneration } from './generation/read-generation.ts';
import { readMachine } from './machine.ts';
import { askedValues } from './makefile/asked-values.ts';
import { outputsInTree, readOutDir } from './out-dir.ts';
import { type PackagingWorld, readShipping } from './shipping.ts';
import { refuseSettings } from './refused-settings.ts';
import { resolveWords } from './resolve-words.ts';
import type { TreeCode } from './tree-code.ts';
import { askTest } from './golang-sh/ask-test.ts';
import { readTests } from './test-packages.ts';
import { readVersionFile } from './version-file.ts';
import type { Disk } from './disk.ts';

/** The ports that reading facts needs. */
export interface FactsServices {
  readonly environment: Environment;
  /** This user's cache directory, absolute; undefined if no directory can be trusted. */
  readonly caches: string | undefined;
  readonly git: GitReader;
  readonly go: GoFinder;
  readonly runner: CommandRunner;
  readonly memo: Memo;
  readonly disk: Disk;
  readonly code?: TreeCode | undefined;
  readonly pinnedTools: Pick<PinnedTools, 'find'>;
  /** Needed for targets that verify or update. */
  readonly views?: ScriptViews | undefined;
  /** The program of slipway's own checks and its caller, absolute paths. */
  readonly checkProgram?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
  progress?: GoRequest['progress'];
}

export interface FactsRequest {
  readonly tree: Tree;
  /** The words of WHAT that do not begin with a dash, and other words to look up. */
  readonly words: readonly string[];
  readonly profile: Profile;
  readonly variables: Environment;
  /** Set if something will be packaged; then the release's content is read. */
  readonly packaging?: PackagingWorld | undefined;
  /** Read the facts of generation. */
  readonly generating: boolean;
  /** Read the packages with tests. */
  readonly testing: boolean;
  /** The kind of scripts to read. */
  readonly checking?: { readonly kind: CheckKind; readonly quick: boolean } | undefined;
  readonly services: FactsServices;
}

/** Reads all other facts once. Throws GO_UNAVAILABLE, HASH_MISMATCH, BAD_VERSION_FILE or INTERRUPTED. */
export async function readFacts(request: FactsRequest): Promise<Facts> {
  const { tree, words, variables, services } = request;
  const { disk } = services;
  const settings = goSettings(disk, services.environment, variables);
  const inherited = inheritedEnvironment(settings);
  const versionFile = readVersionFile({ ...tree, disk }, variables['KUBE_GIT_VERSION_FILE']);
  const [git, go] = await Promise.all([readGit(request, inherited), readGo(request, inherited)]);
  const defaults = readDefaults(disk, go.toolchain.goroot);
  refuseSettings({ settings, defaults, tree, disk, variables, toolchain: go.toolchain });
  const environment = withDefaults(inherited, defaults);
  const machine = readMachine();
  return {
    tree,
    git,
    asked: await askedOf(request, git, machine),
    machine,
    ...go,
    environment,
    words: resolveWords({ ...tree, disk }, words),
    compilers: compilersOf(tree, environment, services),
    hostCompiler: findProgram(programOf(environment['CC'] || defaultCompiler.c), environment, disk),
    hostCxxCompiler: findProgram(programOf(environment['CXX'] || defaultCompiler.cxx), environment, disk),
    goScratch: goScratch(tree.root, services.caches),
    versionFile,
    shipping:
      request.packaging &&
      (await readShipping({
        ...request.packaging,
        tree,
        gitFacts: git,
        git: services.git,
        environment,
        signal: services.signal,
      })),
    generation: request.generating ? await readGeneration({ tree, ...services, environment }) : undefined,
    ...(tree.before === undefined ? {} : { before: beforeInputs({ root: tree.root, disk }, tree.before) }),
    tests: request.testing ? await testsOf(request, environment, machine.platform) : undefined,
    checks: await checksOf(request, environment, machine.platform),
    outDir: readOutDir(tree.root, variables['OUT_DIR']),
  };
}

/** Profile dev stamps nothing that depends on the commit, so it does not run make. */
async function askedOf(
  { tree, profile, variables, services }: FactsRequest,
  git: GitFacts,
  machine: Machine,
): Promise<Facts['asked']> {
  const seconds = buildSeconds({ profile, variables, git, machine });
  if (profile === 'dev' || git.commit === undefined || seconds === undefined) return undefined;
  if (!tree.stamps.some(({ flag }) => flag.includes('@asked:'))) return undefined;
  return askedValues({ tree, host: machine.platform, seconds, services });
}

async function checksOf(
  { tree, variables, services, checking }: FactsRequest,
  environment: Environment,
  platform: Platform,
): Promise<Facts['checks']> {
  const { disk, views, checkProgram = [] } = services;
  if (checking === undefined) return undefined;
  if (views === undefined) throw new Error('facts: scripts are to be known, and nobody can run them');
  return readChecks({
    ...{ root: tree.root, disk, ...checking, variables, environment, tree, platform, program: checkProgram },
    scratch: goScratch(tree.root, services.caches),
    output: resolve(tree.root, variables['OUT_DIR'] || DEFAULT_OUT_DIR),
    services: { ...services, views },
  });
}

async function testsOf(request: FactsRequest, environment: Environment, platform: Platform): Promise<TestFacts> {
  const { tree, words, variables, services } = request;
  // Slipway finds named packages itself. It needs the script only for the way to call Go, so one existing package is
  // enough.
  const [first] = tree.commands;
  const asked = words.length > 0 && first !== undefined ? [`./${first.target}`] : [];
  const script = await askTest({ ...services, root: tree.root, words: asked, variables, environment });
  const given = testEnvironment(variables, services.environment);
  const testing = { platform, tags: tagsOf(request, environment), script, environment: given };
  return readTests({ ...tree, disk: services.disk }, words, testing);
}

/** The tags from the tree and the user. */
function tagsOf({ tree, variables }: FactsRequest, environment: Environment): string[] {
  const goFlags = variables['GOFLAGS'] ?? environment['GOFLAGS'];
  const words = splitGoFlags(splitQuoted(variables['WHAT'] ?? '')).flags.map(formatGoFlag);
  const flags = parseGoFlags({
    goFlags,
    words: [
      ...(tree.source === 'hack/lib/golang.sh' ? [] : tree.invocations.cgo.argv),
      ...words,
      ...splitQuoted(variables['KUBE_RACE'] ?? ''),
    ],
  });
  return [...goTagsOf(flags), ...(isGoFlagOn(flags, 'race') ? ['race'] : [])];
}

/**
 * The clean state costs git a look at every file. Slipway asks only if the state is stamped and not given, or if a
 * release ships the source.
 */
function readGit({ tree, profile, packaging, variables, services }: FactsRequest, env: Environment): Promise<GitFacts> {
  const known = variables['KUBE_GIT_VERSION_FILE'] || variables['KUBE_GIT_TREE_STATE'] || tree.archive !== undefined;
  const commit = variables['KUBE_GIT_COMMIT'];
  return services.git.read({
    root: tree.root,
    describeArgs: tree.describeArgs,
    outputs: outputsInTree(tree.root, variables['OUT_DIR']),
    needStatus: packaging !== undefined || (profile !== 'dev' && !known),
    env,
    ...(commit ? { commit } : {}),
    ...(services.signal === undefined ? {} : { signal: services.signal }),
  });
}

async function readGo(
  { tree, variables, services }: FactsRequest,
  env: Environment,
): Promise<Pick<Facts, 'toolchain' | 'goPlatforms'>> {
  const signal = services.signal === undefined ? {} : { signal: services.signal };
  const progress: Required<GoRequest>['progress'] = (...said) => services.progress?.(...said);
  const toolchain = await services.go.findGo({
    requirement: tree.go,
    variables,
    env,
    root: tree.root,
    progress,
    ...signal,
  });
  return { toolchain, goPlatforms: await services.go.listPlatforms({ toolchain, env, ...signal }) };
}

function compilersOf(tree: Tree, env: Environment, { pinnedTools, disk }: FactsServices): Record<string, string> {
  const commands = Object.values(tree.platformEnvironments).flatMap((each) => each['CC'] ?? []);
  const find = (command: string): string | undefined => {
    const installation = installationOf(command);
    const installed = () =>
      installation !== undefined && 'pinnedTool' in installation
        ? pinnedTools.find({ pinnedTool: installation.pinnedTool, env })
        : undefined;
    return findProgram(programOf(command), env, disk) ?? installed();
  };
  return Object.fromEntries(commands.map((command) => [command, find(command) ?? '']));
}

/** They run the compiler named after them, and that compiler decides the bytes. */
const launchers = ['ccache', 'sccache', 'distcc', 'icecc'];

/** CC may contain flags, and a launcher before them. */
export function programOf(command: string): string {
  const words = command.trim().split(/\s+/);
  const isLauncher = launchers.includes(words[0]!.replace(/^.*\//, '')) && words[1]?.startsWith('-') === false;
  return isLauncher ? words[1]! : words[0]!;
}

/** The default of `go env CC CXX`. */
const defaultCompiler = ['darwin', 'freebsd', 'openbsd'].includes(process.platform)
  ? { c: 'clang', cxx: 'clang++' }
  : { c: 'gcc', cxx: 'g++' };
