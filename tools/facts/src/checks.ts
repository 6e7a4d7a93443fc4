import { join } from 'node:path';
import type { CommandRunner, GitReader, ScriptViews } from '@slipway/adapters';
import { nearest, treeChecks } from '@slipway/catalog';
import {
  type CheckFacts,
  type CheckKind,
  type CheckScript,
  type Environment,
  FailureError,
  type Platform,
  type Tree,
} from '@slipway/model';
import { type Rooted } from './disk.ts';
import { findProgram } from './environment.ts';
import { askChecks } from './golang-sh/ask-checks.ts';
import { type TreeCode, allowRun } from './tree-code.ts';
import { type OwnCheck, ownChecks } from './tree-checks.ts';

export interface ChecksRequest extends Rooted {
  readonly kind: CheckKind;
  /** Only the scripts that the tree calls quick. */
  readonly quick: boolean;
  readonly variables: Environment;
  readonly environment: Environment;
  readonly tree: Tree;
  readonly platform: Platform;
  /** The program of slipway's own checks; empty: do not look for any. */
  readonly program: readonly string[];
  /** Absolute, outside of the tree. */
  readonly scratch: string;
  /** The tree's output directory, absolute. Its files do not belong to the tree. */
  readonly output: string;
  readonly services: {
    readonly runner: CommandRunner;
    readonly views: ScriptViews;
    readonly git: GitReader;
    readonly code?: TreeCode | undefined;
    readonly signal?: AbortSignal;
  };
}

/** The program for a script, by its extension. */
const programs: Readonly<Record<string, string>> = { sh: 'bash', py: 'python3', ts: process.execPath };

/** Scripts that run all others, or belong to one that runs them in a container. They run only by name. */
const never = /^(all|.*-dockerized)$/;

/**
 * The selected scripts `hack/verify-NAME.sh` (or .py, .ts) and `hack/update-NAME.sh`, and slipway's own checks. Throws
 * BAD_SCRIPT, TOOL_MISSING.
 */
export async function readChecks(request: ChecksRequest): Promise<CheckFacts> {
  const { kind, variables, root, environment, scratch, services } = request;
  const wanted = wordsOf(variables['WHAT']);
  const excluded = wordsOf(variables['EXCLUDE']);
  const listed = wanted.length > 0 ? undefined : await askChecks({ ...request, ...services });
  const candidates = [...candidatesOf(request, listed), ...ownCandidates(request, listed)];
  const whyNot = ({ script: { name }, whyNot: why }: Candidate): string | undefined => {
    if (excluded.includes(name)) return 'EXCLUDE names it';
    if (wanted.length > 0 && !wanted.includes(name)) return NOT_NAMED;
    return why;
  };
  const chosen = candidates.filter((each) => whyNot(each) === undefined).map(({ script }) => script);
  const order = ({ path, own }: CheckScript): number =>
    own === undefined ? (listed?.findIndex((file) => path.endsWith(`/${file}`)) ?? 0) : Number.MAX_SAFE_INTEGER;
  for (const { path, own } of chosen) if (own === undefined) allowRun(services.code, root, join(root, path));
  const { view, traces } = await services.views.abilities({ root, scratch, environment, signal: services.signal });
  const names = candidates.map(({ script }) => script.name);
  return {
    scripts: chosen.toSorted((a, b) => order(a) - order(b)).map((script) => withProgram(script, request)),
    updates: kind === 'update' ? [] : remedies(request),
    skipped: candidates.flatMap((each) => {
      const reason = whyNot(each);
      return reason === undefined || reason === NOT_NAMED ? [] : [{ name: each.script.name, why: reason }];
    }),
    unknown: [...wanted, ...excluded]
      .filter((word) => !names.includes(word))
      .map((word) => ({ word, nearest: nearest(word, names) })),
    view,
    untraced: traces ? undefined : { why: 'strace cannot be run here', files: await everyFile(request) },
  };
}

const NOT_NAMED = 'WHAT does not name it';

type Candidate = OwnCheck;
type Listed = readonly string[] | undefined;

/** Scripts of the tree. A script that WHAT names runs even if the tree does not list it. */
function candidatesOf(request: ChecksRequest, listed: Listed): Candidate[] {
  const { kind, quick, variables } = request;
  const named = wordsOf(variables['WHAT']).length > 0;
  const whyNot = ({ name, path }: CheckScript): string | undefined => {
    if (named) return undefined;
    if (listed === undefined) return never.test(name) ? 'it runs others, or is run by them' : undefined;
    const isListed = listed.some((file) => path.endsWith(`/${file}`));
    return isListed ? undefined : `it is not among ${quick ? 'the quick ones' : 'those'} of hack/make-rules/${kind}.sh`;
  };
  return scriptsOf(kind, request).map((script) => ({ script, whyNot: whyNot(script) }));
}

/**
 * In a tree that lists its checks, slipway's own run only by name. A script of the tree replaces slipway's check of the
 * same name.
 */
function ownCandidates(request: ChecksRequest, listed: Listed): Candidate[] {
  const own = ownChecks(request);
  const taken = new Set(scriptsOf(request.kind, request).map(({ name }) => name));
  const chosen: readonly string[] = request.tree.checks?.own ?? treeChecks.map(({ name }) => name);
  return own
    .filter(({ script }) => !taken.has(script.name) && (chosen.includes(script.name) || isNamed(script, request)))
    .map(({ script, whyNot }) => ({
      script,
      whyNot:
        whyNot ??
        (listed === undefined
          ? undefined
          : `hack/make-rules/${request.kind}.sh says what runs; WHAT=${script.name} runs it`),
    }));
}

const isNamed = ({ name }: CheckScript, { variables }: ChecksRequest): boolean =>
  wordsOf(variables['WHAT']).includes(name);

/** Names of the checks with a fix. A script of the tree needs an update script in the tree. */
function remedies(request: ChecksRequest): string[] {
  const scripts = scriptsOf('verify', request).map(({ name }) => name);
  const own = ownChecks({ ...request, kind: 'update' }).map(({ script }) => script.name);
  return [...scriptsOf('update', request).map(({ name }) => name), ...own.filter((name) => !scripts.includes(name))];
}

const wordsOf = (text = ''): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Sorted by name, those of bash first, as in make. */
function scriptsOf(kind: CheckKind, { root, disk }: Rooted): CheckScript[] {
  const { files } = disk.listDirectory(join(root, 'hack'));
  const found = Object.keys(programs).flatMap((ending) =>
    files.flatMap((file) => {
      const name = file.startsWith(`${kind}-`) ? file.slice(kind.length + 1).split('.')[0]! : '';
      return file === `${kind}-${name}.${ending}` && name !== ''
        ? [{ name, path: `hack/${file}`, program: programs[ending]! }]
        : [];
    }),
  );
  const isSecond = (name: string, index: number): boolean => found.findIndex((other) => other.name === name) < index;
  return found.map((script, index) =>
    isSecond(script.name, index) ? { ...script, name: script.path.slice(`hack/${kind}-`.length) } : script,
  );
}

function withProgram(script: CheckScript, { environment, disk }: ChecksRequest): CheckScript {
  if (script.own !== undefined) return script;
  const program = findProgram(script.program, environment, disk);
  if (program !== undefined) return { ...script, program };
  const why = `${script.path} is run by it`;
  throw new FailureError({ code: 'TOOL_MISSING', tool: script.program, why, hint: `install ${script.program}` });
}

/** All files of the tree, without the output. */
async function everyFile({ root, disk, output, environment, services }: ChecksRequest): Promise<readonly string[]> {
  const inside = output.startsWith(`${root}/`) ? `${output.slice(root.length + 1)}/` : undefined;
  const isOurs = (path: string): boolean => inside !== undefined && `${path}/`.startsWith(inside);
  const known = await services.git.listFiles({
    root,
    env: environment,
    ...(services.signal && { signal: services.signal }),
  });
  const below = (dir: string): string[] => {
    const { files, directories } = disk.listDirectory(join(root, dir));
    const at = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
    return [
      ...files.map(at),
      ...directories
        .filter((name) => name !== '.git')
        .map(at)
        .flatMap((path) => (isOurs(path) ? [] : below(path))),
    ];
  };
  return (known ?? below('')).filter((path) => !isOurs(path));
}
