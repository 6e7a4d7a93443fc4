import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, realpathSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { type ExecStep, type Plan, closureInput, formatGoFlag, goBuildOf, parseGoFlags } from '@slipway/model';
import { inTree, isExec } from './sides.ts';
import type { Workspace } from './workspace.ts';

/** The requested fields of `go list` about a package. */
export interface ListedPackage {
  readonly ImportPath: string;
  readonly Name: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly GoFiles?: readonly string[];
  readonly Imports?: readonly string[];
}

export interface EditTargets {
  readonly leaf: ListedPackage;
  readonly wide: ListedPackage;
}

/** The packages of the plan's first Go call, as Go lists them. */
export async function listPackages(plan: Plan, signal: AbortSignal): Promise<ListedPackage[]> {
  const { actions = [] } = firstCall(plan);
  const { flags } = goBuildOf({ actions })!;
  const packages = actions.flatMap((action) => closureInput(action)?.importPath ?? []);
  const same = parseGoFlags({ words: flags })
    .filter(({ name }) => ['tags', 'mod', 'modfile'].includes(name))
    .map(formatGoFlag);
  const fields = '-json=ImportPath,Name,Dir,Standard,GoFiles,Imports';
  const text = await askGo(plan, ['list', '-deps', ...same, fields, ...packages], signal);
  return JSON.parse(`[${text.trim().replaceAll(/\n}\n{\n/g, '\n},\n{\n')}]`) as ListedPackage[];
}

export const readGoVersion = async (plan: Plan, signal: AbortSignal): Promise<string> =>
  (await askGo(plan, ['version'], signal)).trim().replace('go version ', '');

async function askGo(plan: Plan, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { argv, cwd, env } = firstCall(plan);
  const { GOTMPDIR: _ofTheStep, ...environment } = { ...plan.environment, ...env };
  const options = { cwd: inTree(plan, cwd), env: environment, maxBuffer: 1 << 28, signal };
  return (await promisify(execFile)(argv[0]!, args, options)).stdout;
}

function firstCall(plan: Plan): ExecStep {
  const step = plan.steps.filter(isExec).find((each) => goBuildOf(each) !== undefined);
  if (step === undefined) throw new Error(`there is nothing to build in ${plan.root}`);
  return step;
}

/** Two of the tree's own packages: the one that fewest others need, and the one that most others import. */
export function chooseTargets(packages: readonly ListedPackage[], root: string): EditTargets {
  const own = packages.filter((each) => isOwn(each, root));
  const libraries = own.filter((each) => each.Name !== 'main');
  const candidates = (libraries.length > 0 ? libraries : own).sort((a, b) => (a.ImportPath < b.ImportPath ? -1 : 1));
  const importers = new Map<string, string[]>();
  for (const each of packages)
    for (const path of each.Imports ?? []) importers.set(path, [...(importers.get(path) ?? []), each.ImportPath]);
  const leaf = smallest(candidates, (each) => countDependents(each.ImportPath, importers));
  const wide = smallest(candidates, (each) => -(importers.get(each.ImportPath)?.length ?? 0));
  if (leaf === undefined || wide === undefined)
    throw new Error(`no package of ${root} itself is built, so none can be edited`);
  return { leaf, wide };
}

/** A link in vendor/ leads to a package of the tree itself. */
function isOwn(each: ListedPackage, root: string): boolean {
  if (each.Standard || (each.GoFiles ?? []).length === 0) return false;
  const dir = `${realpathSync(each.Dir)}${sep}`;
  return dir.startsWith(`${root}${sep}`) && !dir.startsWith(join(root, 'vendor') + sep);
}

function countDependents(importPath: string, importers: ReadonlyMap<string, readonly string[]>): number {
  const reached = new Set<string>();
  const pending = [importPath];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const fresh = (importers.get(path) ?? []).filter((other) => !reached.has(other));
    for (const other of fresh) reached.add(other);
    pending.push(...fresh);
  }
  return reached.size;
}

const smallest = <T>(list: readonly T[], measure: (item: T) => number): T | undefined =>
  list
    .map((item) => ({ item, size: measure(item) }))
    .reduce<{ item: T; size: number } | undefined>(
      (best, each) => (best === undefined || each.size < best.size ? each : best),
      undefined,
    )?.item;

/** A change that can be made any number of times. Undoing it restores content and time. */
export interface Edit {
  /** The edited file; undefined if all files are touched. */
  readonly file: string | undefined;
  apply(count: number): void;
  undo(): void;
}

/** Changes what the package exports, so that packages that import it are compiled again. */
export function openEdit(target: ListedPackage, workspace: Workspace): Edit {
  const file = join(realpathSync(target.Dir), target.GoFiles![0]!);
  const text = readFileSync(file);
  const { atime, mtime } = statSync(file);
  const undo = workspace.undoAtExit(() => {
    writeFileSync(file, text);
    utimesSync(file, atime, mtime);
  });
  return {
    file,
    undo,
    apply: (count) =>
      writeFileSync(
        file,
        `${text}\n// SlipwayBench is gone again in a moment.\nfunc SlipwayBench() int { return ${count} }\n`,
      ),
  };
}

/** Milliseconds after which a time is older than the run that reads it. */
const TICK = 20;

/** Every file gets the present time, except files of git and of builds. */
export function openTouch(tree: string, workspace: Workspace): Edit {
  const files = readdirSync(tree, { withFileTypes: true })
    .filter(({ name }) => name !== '.git' && name !== '_output')
    .flatMap((entry) => [entry, ...(entry.isDirectory() ? below(join(tree, entry.name)) : [])])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, stat: statSync(path) }));
  return {
    file: undefined,
    undo: workspace.undoAtExit(() => {
      for (const { path, stat } of files) utimesSync(path, stat.atime, stat.mtime);
    }),
    apply() {
      const now = new Date();
      for (const { path } of files) utimesSync(path, now, now);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TICK);
    },
  };
}

const below = (directory: string) => readdirSync(directory, { recursive: true, withFileTypes: true });
