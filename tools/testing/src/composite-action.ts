import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Environment } from '@slipway/model';

interface ActionStep {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export const parseYaml = (text: string): unknown => parse(text);

/** A YAML file of a CI. */
export const readYaml = (path: string): unknown => parseYaml(readFileSync(path, 'utf8'));

/** A runner of a job: what it knows, and what it does for the actions of others that a step uses. */
export interface Runner {
  readonly env: Environment;
  /** Path of the checkout. */
  readonly workspace: string;
  /** Empty; for files of the runner. */
  readonly temp: string;
  /** `github.event_name`, `inputs.archive`; what is missing is empty, as GitHub has it. */
  readonly context: Readonly<Record<string, string>>;
  use(action: string, inputs: Readonly<Record<string, string>>): void;
}

export interface JobEnd {
  readonly ok: boolean;
  /** Output of the steps that ran, by name. */
  readonly printed: Readonly<Record<string, string>>;
  readonly summary: string;
}

/**
 * Runs the steps as GitHub documents it: each script in a bash of its own, outputs and PATH by files, and after a
 * failure only steps that ask for it.
 */
export function runAction({ inputs, runs }: CompositeAction, runner: Runner): JobEnd {
  const context: Record<string, string> = { ...runner.context };
  for (const [name, { default: standard = '' }] of Object.entries(inputs)) context[`inputs.${name}`] ??= standard;
  const files = { GITHUB_OUTPUT: 'output', GITHUB_PATH: 'path', GITHUB_STEP_SUMMARY: 'summary' };
  const env: Record<string, string> = { ...runner.env, GITHUB_ACTIONS: 'true', CI: 'true', RUNNER_TEMP: runner.temp };
  for (const [name, file] of Object.entries(files)) env[name] = join(runner.temp, file);
  for (const file of Object.values(files)) writeFileSync(join(runner.temp, file), '');
  const printed: Record<string, string> = {};
  let ok = true;
  for (const step of runs.steps) {
    if (!holds(step.if ?? 'success()', { ok, context })) continue;
    const filled = (table: Readonly<Record<string, string>> = {}): Record<string, string> =>
      Object.fromEntries(Object.entries(table).map(([name, text]) => [name, fill(text, context)]));
    if (step.uses !== undefined) {
      runner.use(step.uses, filled(step.with));
      continue;
    }
    if (step.run!.includes('${{'))
      throw new Error(`${step.name}: an expression in a script runs what a stranger wrote`);
    const script = join(runner.temp, 'script.sh');
    writeFileSync(script, step.run!);
    const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: join(runner.workspace, fill(step['working-directory'] ?? '.', context)),
      env: { ...env, ...filled(step.env) },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    printed[step.name] = ended.stdout + ended.stderr;
    ok &&= ended.status === 0;
    const lines = (file: string): string[] => readFileSync(join(runner.temp, file), 'utf8').split('\n').filter(Boolean);
    for (const line of lines('output'))
      context[`steps.${step.id}.outputs.${line.slice(0, line.indexOf('='))}`] = line.slice(line.indexOf('=') + 1);
    writeFileSync(join(runner.temp, 'output'), '');
    env['PATH'] = [...lines('path').toReversed(), runner.env['PATH']].join(':');
  }
  return { ok, printed, summary: readFileSync(join(runner.temp, 'summary'), 'utf8') };
}

/** Of GitHub's expressions what the action uses: names, `a || b`, `a == 'b'`, `&&`. */
const fill = (text: string, context: Readonly<Record<string, string>>): string =>
  String(text).replaceAll(/\$\{\{(.*?)\}\}/g, (_all, inner: string) => {
    const names = inner.split('||').map((name) => name.trim());
    return names.map((name) => context[name] ?? '').find((value) => value !== '') ?? '';
  });

function holds(
  condition: string,
  { ok, context }: { readonly ok: boolean; readonly context: Readonly<Record<string, string>> },
): boolean {
  const bare = condition.replace(/^\$\{\{(.*)\}\}$/, '$1');
  const asksForFailure = bare.includes('failure()');
  const terms = bare.split('&&').map((term) => term.trim());
  return (
    (ok || asksForFailure) &&
    terms.every((term) => {
      if (/^\(?(?:success|failure)\(\)/.test(term)) return true;
      const [, name = '', value = ''] = /^([\w.-]+) == '([^']*)'$/.exec(term) ?? [];
      if (name === '') throw new Error(`no test knows the condition ${term}`);
      return (context[name] ?? '') === value;
    })
  );
}
