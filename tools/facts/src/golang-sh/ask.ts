import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Environment, type Platform, archOf, osOf } from '@slipway/model';
import type { CommandRunner, Memo } from '@slipway/adapters';
import type { Rooted } from '../disk.ts';
import { type ScriptAnswer, parseAnswer } from './answer.ts';
import { badScript, runProbe } from './run-probe.ts';
import { probe } from './scripts.ts';
import { type TreeCode, allowRun } from '../tree-code.ts';

export interface ScriptQuestion extends Rooted {
  readonly host: Platform;
  /** Platforms whose compilers are asked for, besides those the scripts list. */
  readonly platforms: readonly Platform[];
  readonly variables: Environment;
  readonly environment: Environment;
  readonly runner: CommandRunner;
  readonly memo: Memo;
  readonly code?: TreeCode | undefined;
  readonly signal?: AbortSignal;
  /** Milliseconds the scripts may take; those of Kubernetes answer in 130. */
  readonly latencyBudget?: number;
}

const script = 'hack/lib/golang.sh';

/** Milliseconds; they answer in half a second, and on a busy machine when they can. */
const LONGEST_WAIT = 30_000;

/** Variables that change what the scripts answer. */
const asked = /^(DBG|GOFLAGS|GOGCFLAGS|GOLDFLAGS|KUBE_[A-Z0-9]+_[A-Z0-9]+_CC)$/;

/**
 * What the tree's own scripts say, from the memo when neither they nor the variables changed. Undefined when there are
 * none, or when they are of another make. Throws BAD_SCRIPT, or TOOL_MISSING without bash.
 */
export async function askScripts(question: ScriptQuestion): Promise<ScriptAnswer | undefined> {
  if (!looksLikeKubernetes(question)) return undefined;
  allowRun(question.code, question.root, join(question.root, script));
  const env = probeEnvironment(question);
  const key = memoKey(question, env);
  const remembered = question.memo.get(key);
  if (remembered !== undefined) return JSON.parse(remembered) as ScriptAnswer;
  const result = await runProbe({
    ...{ runner: question.runner, root: question.root, script, probe: probe(), args: probeArguments(question), env },
    longest: question.latencyBudget ?? LONGEST_WAIT,
    signal: question.signal,
  });
  const parsed = parseAnswer(result.stdout);
  if (parsed.is === 'foreign') return undefined;
  if (parsed.is === 'unclear') throw badScript(script, parsed.fact, result.stderr);
  question.memo.set(key, JSON.stringify(parsed.answer));
  return parsed.answer;
}

/** Scripts that never mention this function are not even started. */
export function looksLikeKubernetes(tree: Rooted): boolean {
  const text = tree.disk.isFile(join(tree.root, 'hack/lib/init.sh'))
    ? tree.disk.readText(join(tree.root, script))
    : undefined;
  return text !== undefined && text.includes('kube::golang::build_binaries');
}

/** Nothing is inherited that could narrow or bend the lists: choosing among them is planning's. */
function probeEnvironment({ environment, variables }: ScriptQuestion): Environment {
  const inherited = ['PATH', 'HOME', 'TMPDIR'].flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    ...Object.fromEntries(Object.entries(variables).filter(([name]) => asked.test(name))),
    LC_ALL: 'C',
    KUBE_VERBOSE: '0',
    KUBE_STATIC_OVERRIDES: 'slipway-static',
    KUBE_CGO_OVERRIDES: 'slipway-cgo',
  };
}

const probeArguments = ({ root, host, platforms }: ScriptQuestion): string[] => [
  root,
  osOf(host),
  archOf(host),
  host,
  ...platforms,
];

/** PATH, HOME and TMPDIR find programs; they change no answer. */
function memoKey(question: ScriptQuestion, env: Environment): string {
  const { PATH: _path, HOME: _home, TMPDIR: _temporary, ...variables } = env;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([probe(), probeArguments(question), Object.entries(variables).sort()]));
  const libraries = join(question.root, 'hack/lib');
  for (const name of question.disk.listDirectory(libraries).files)
    hash.update(`\0${name}\0${question.disk.readText(join(libraries, name)) ?? ''}`);
  hash.update(`\0${question.disk.listDirectory(join(question.root, 'cmd')).directories.join('\0')}`);
  return `golang.sh ${hash.digest('hex')}`;
}
