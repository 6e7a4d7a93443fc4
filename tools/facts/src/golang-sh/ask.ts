import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Environment, type Platform, archOf, osOf } from '@slipway/model';
import type { Rooted } from '../disk.ts';
import { type ScriptAnswer, parseAnswer } from './answer.ts';
import { type RememberingAsker, badScript, runProbe } from './run-probe.ts';
import { probe } from './scripts.ts';
import { allowRun } from '../tree-code.ts';

export interface ScriptQuestion extends RememberingAsker {
  readonly host: Platform;
  /** Platforms whose compilers are needed, besides those that the scripts list. */
  readonly platforms: readonly Platform[];
  readonly variables: Environment;
  /** Maximum milliseconds. Those of Kubernetes answer in 130. */
  readonly latencyBudget?: number;
}

const script = 'hack/lib/golang.sh';

/** Milliseconds. Scripts answer in half a second, on a busy machine later. */
const LONGEST_WAIT = 30_000;

/** Variables that change the scripts' answer. */
const asked = /^(DBG|GOFLAGS|GOGCFLAGS|GOLDFLAGS|KUBE_[A-Z0-9]+_[A-Z0-9]+_CC)$/;

/**
 * The answer of the tree's own scripts, from the memo if neither they nor the variables changed. Undefined without
 * scripts, or if they are of another kind. Throws BAD_SCRIPT, or TOOL_MISSING without bash.
 */
export async function askScripts(question: ScriptQuestion): Promise<ScriptAnswer | undefined> {
  if (!looksLikeKubernetes(question)) return undefined;
  allowRun(question.code, question.root, join(question.root, script));
  const given = probeEnvironment(question);
  const key = memoKey(question, given);
  const remembered = question.memo.get(key);
  if (remembered !== undefined) return JSON.parse(remembered) as ScriptAnswer;
  const result = await runProbe(question, {
    ...{ script, probe: probe(), args: probeArguments(question), given },
    longest: question.latencyBudget ?? LONGEST_WAIT,
  });
  const parsed = parseAnswer(result.stdout);
  if (parsed.is === 'foreign') return undefined;
  if (parsed.is === 'unclear') throw badScript(script, parsed.fact, result.stderr);
  question.memo.set(key, JSON.stringify(parsed.answer));
  return parsed.answer;
}

/** Scripts that never mention this function are not run. */
export function looksLikeKubernetes(tree: Rooted): boolean {
  const text = tree.disk.isFile(join(tree.root, 'hack/lib/init.sh'))
    ? tree.disk.readText(join(tree.root, script))
    : undefined;
  return text !== undefined && text.includes('kube::golang::build_binaries');
}

/** Inherits no variable that could narrow or change the lists. The planner selects from them. */
const probeEnvironment = ({ variables }: ScriptQuestion): Environment => ({
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => asked.test(name))),
  KUBE_VERBOSE: '0',
  KUBE_STATIC_OVERRIDES: 'slipway-static',
  KUBE_CGO_OVERRIDES: 'slipway-cgo',
});

const probeArguments = ({ root, host, platforms }: ScriptQuestion): string[] => [
  root,
  osOf(host),
  archOf(host),
  host,
  ...platforms,
];

function memoKey(question: ScriptQuestion, given: Environment): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([probe(), probeArguments(question), Object.entries(given).sort()]));
  const libraries = join(question.root, 'hack/lib');
  for (const name of question.disk.listDirectory(libraries).files)
    hash.update(`\0${name}\0${question.disk.readText(join(libraries, name)) ?? ''}`);
  hash.update(`\0${question.disk.listDirectory(join(question.root, 'cmd')).directories.join('\0')}`);
  return `golang.sh ${hash.digest('hex')}`;
}
