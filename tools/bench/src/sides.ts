import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '@slipway/adapters/cache-directory';
import type { Environment, ExecStep, Plan } from '@slipway/model';
import { quote } from '@slipway/plan';
import type { Measured } from './measure.ts';
import type { Workspace } from './workspace.ts';

/** One way to build the tree, with its own output directory and Go cache. */
export interface Side {
  readonly name: 'slipway' | 'byHand';
  readonly output: string;
  readonly build: Measured;
  /** Removes everything that a cold build must not find. */
  empty(): void;
}

/** The tree, and how slipway is started on it. */
export interface Starting {
  readonly workspace: Workspace;
  readonly tree: string;
  readonly slipway: string;
  readonly environment: Environment;
}

/** The directories that a side writes to. */
export const places = ({ workspace }: Starting, name: string): { output: string; cache: string } => ({
  output: workspace.path(name, 'output'),
  cache: workspace.path(name, 'go-build'),
});

/** The directory of slipway's store and other caches during the bench. */
const caches = ({ workspace }: Starting): string => workspace.path('cache');

/** Removes everything that slipway stored, except downloaded toolchains. It uses those of the user. */
export function emptyCaches(starting: Starting): void {
  const directory = cacheDirectory({ XDG_CACHE_HOME: caches(starting) })!;
  const users = join(cacheDirectory(starting.environment) ?? '/nowhere', 'go');
  mkdirSync(directory, { recursive: true });
  const entries = readdirSync(directory).filter((name) => name !== 'go');
  for (const name of entries) rmSync(join(directory, name), { recursive: true, force: true, maxRetries: 3 });
  if (existsSync(users) && !existsSync(join(directory, 'go'))) symlinkSync(users, join(directory, 'go'));
}

/** Words are flags, a target and its variables. */
export function slipwayCall(starting: Starting, name: string, words: readonly string[]): Measured {
  const { output, cache } = places(starting, name);
  const argv = [process.execPath, starting.slipway, '-C', starting.tree, ...words, `OUT_DIR=${output}`];
  return {
    argv,
    cwd: starting.tree,
    env: { ...starting.environment, GOCACHE: cache, XDG_CACHE_HOME: caches(starting) },
  };
}

export function slipwaySide(starting: Starting): Side {
  emptyCaches(starting);
  const { output, cache } = places(starting, 'slipway');
  return {
    name: 'slipway',
    output,
    build: slipwayCall(starting, 'slipway', ['all']),
    empty: () => {
      emptied([output, cache]);
      emptyCaches(starting);
    },
  };
}

/** `slipway -n all`. */
export const planCall = (starting: Starting): Measured => slipwayCall(starting, 'slipway', ['-n', 'all']);

/** Slipway's own plan for that place. */
export async function readPlan(starting: Starting, name: string, words: readonly string[]): Promise<Plan> {
  const {
    argv: [program, ...args],
    cwd,
    env,
  } = slipwayCall(starting, name, ['-n', '--json', ...words]);
  const { stdout } = await promisify(execFile)(program!, args, {
    cwd,
    env,
    maxBuffer: 1 << 28,
    signal: starting.workspace.signal,
  });
  return JSON.parse(stdout) as Plan;
}

export const isExec = (step: Plan['steps'][number]): step is ExecStep => step.kind === 'exec';

/** Only the Go calls of the plan, one after the other, in a shell. */
export async function byHandSide(starting: Starting): Promise<Side & { readonly plan: Plan }> {
  const { output, cache } = places(starting, 'byHand');
  const plan = await readPlan(starting, 'byHand', ['all']);
  const calls = plan.steps.filter(isExec);
  const script = starting.workspace.path('by-hand.sh');
  writeFileSync(script, byHandScript(plan));
  const directories = calls.flatMap((step) => [
    ...step.outputs.map((path) => dirname(inTree(plan, path))),
    ...(step.scratch === undefined ? [] : [inTree(plan, step.scratch)]),
  ]);
  const makeDirectories = (): void =>
    directories.forEach((directory) => void mkdirSync(directory, { recursive: true }));
  makeDirectories();
  const empty = (): void => {
    emptied([output, cache]);
    makeDirectories();
  };
  const build = { argv: ['bash', script], cwd: starting.tree, env: starting.environment };
  return { name: 'byHand', output, build, empty, plan };
}

/** Each call has exactly the environment of the plan. */
export function byHandScript(plan: Plan): string {
  const calls = plan.steps.filter(isExec).map((step) => {
    const cwd = inTree(plan, step.cwd);
    const inherited = Object.entries(plan.environment).filter(([name]) => !step.unset.includes(name));
    const variables = Object.entries({ ...Object.fromEntries(inherited), ...step.env, PWD: cwd });
    return `(cd ${quote(cwd)} && exec env -i ${variables.map(([name, value]) => `${quote(`${name}=${value}`)}`).join(' ')} ${step.argv.map(quote).join(' ')})`;
  });
  return `set -e\n${calls.join('\n')}\n`;
}

/** The files that the Go calls of a plan make. */
export const binariesOf = (plan: Plan): string[] =>
  plan.steps.filter(isExec).flatMap((step) => step.outputs.map((path) => inTree(plan, path)));

export const inTree = (plan: Plan, path: string): string => (isAbsolute(path) ? path : join(plan.root, path));

export function emptied(directories: readonly string[]): void {
  for (const directory of directories) {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    mkdirSync(directory, { recursive: true });
  }
}
