import { join } from 'node:path';
import type { CommandRunner, GitReader, ScriptViews } from '@slipway/adapters';
import { nearest } from '@slipway/catalog';
import { type CheckFacts, type CheckKind, type CheckScript, type Environment, FailureError } from '@slipway/model';
import { type Rooted } from './disk.ts';
import { findProgram } from './environment.ts';
import { askChecks } from './golang-sh/ask-checks.ts';
import { type TreeCode, allowRun } from './tree-code.ts';

export interface ChecksRequest extends Rooted {
  readonly kind: CheckKind;
  /** Those alone that the tree calls quick. */
  readonly quick: boolean;
  readonly variables: Environment;
  readonly environment: Environment;
  /** Absolute, outside of the tree. */
  readonly scratch: string;
  /** Of the tree, absolute: its files are none of its own. */
  readonly output: string;
  readonly services: {
    readonly runner: CommandRunner;
    readonly views: ScriptViews;
    readonly git: GitReader;
    readonly code?: TreeCode | undefined;
    readonly signal?: AbortSignal;
  };
}

/** What runs a script, by how its name ends. */
const programs: Readonly<Record<string, string>> = { sh: 'bash', py: 'python3', ts: process.execPath };

/** Scripts that run all the others, or are a part of one that runs them in a container: nobody asks for them by accident. */
const never = /^(all|.*-dockerized)$/;

/** The scripts `hack/verify-NAME.sh` (or .py, .ts) and `hack/update-NAME.sh` that are asked for. Throws BAD_SCRIPT, TOOL_MISSING. */
export async function readChecks(request: ChecksRequest): Promise<CheckFacts> {
  const { kind, variables, root, environment, scratch, services } = request;
  const all = scriptsOf(kind, request);
  const wanted = wordsOf(variables['WHAT']);
  const excluded = wordsOf(variables['EXCLUDE']);
  const listed = wanted.length > 0 ? undefined : await askChecks({ ...request, ...services });
  const why = ({ name, path }: CheckScript): string | undefined => {
    if (excluded.includes(name)) return 'EXCLUDE names it';
    if (wanted.length > 0) return wanted.includes(name) ? undefined : NOT_NAMED;
    if (listed === undefined) return never.test(name) ? 'it runs others, or is run by them' : undefined;
    const isListed = listed.some((file) => path.endsWith(`/${file}`));
    return isListed
      ? undefined
      : `${request.quick ? 'it is not among the quick ones' : 'it is not among those'} of hack/make-rules/${kind}.sh`;
  };
  const chosen = all.filter((script) => why(script) === undefined);
  const order = ({ path }: CheckScript): number => listed?.findIndex((file) => path.endsWith(`/${file}`)) ?? 0;
  for (const { path } of chosen) allowRun(services.code, root, join(root, path));
  const { view, traces } = await services.views.abilities({ root, scratch, environment, signal: services.signal });
  const names = all.map(({ name }) => name);
  return {
    scripts: chosen.toSorted((a, b) => order(a) - order(b)).map((script) => withProgram(script, request)),
    updates: kind === 'verify' ? scriptsOf('update', request).map(({ name }) => name) : [],
    skipped: all.flatMap((script) => {
      const reason = why(script);
      return reason === undefined || reason === NOT_NAMED ? [] : [{ name: script.name, why: reason }];
    }),
    unknown: [...wanted, ...excluded]
      .filter((word) => !names.includes(word))
      .map((word) => ({ word, nearest: nearest(word, names) })),
    view,
    untraced: traces ? undefined : { why: 'strace cannot be run here', files: await everyFile(request) },
  };
}

const NOT_NAMED = 'WHAT does not name it';

const wordsOf = (text = ''): string[] => text.split(/\s+/).filter((word) => word !== '');

/** In order of their names, those of bash first, as make has it. */
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
  const program = findProgram(script.program, environment, disk);
  if (program !== undefined) return { ...script, program };
  const why = `${script.path} is run by it`;
  throw new FailureError({ code: 'TOOL_MISSING', tool: script.program, why, hint: `install ${script.program}` });
}

/** Of the tree, the output apart. */
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
