import { join } from 'node:path/posix';
import {
  type Action,
  type CheckFacts,
  type CheckKind,
  type CheckScript,
  type Environment,
  type ExecStep,
  type Facts,
  type Failure,
  HOLES,
  type Input,
  type StepId,
} from '@slipway/model';
import { decidingFiles } from '../deciding-files.ts';
import { NO_STEPS, type PlanFragment } from '../flows/plan-fragment.ts';
import { goScratchDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { ignoreStep } from './ignore.ts';

/** Bytes: peak memory of most scripts. */
const MEMORY = 2 ** 30;

/**
 * A step for each selected script. Scripts that update run one after the other, because each may read what an earlier
 * one wrote.
 */
export function checkSteps(kind: CheckKind, planning: Planning): PlanFragment {
  const { checks, tree } = planning.facts;
  if (checks === undefined) throw new Error('plan: scripts were not looked for');
  const variable = planning.variables['EXCLUDE'] ? 'WHAT or EXCLUDE' : 'WHAT';
  const failures = checks.unknown.map(({ word, nearest }): Failure => ({
    ...{ code: 'BAD_VALUE', variable, value: word },
    expected: `the name of a script hack/${kind}-NAME${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
  }));
  const steps = checks.scripts.map((script) => checkStep(kind, script, { ...planning, checks }));
  const inRow =
    kind === 'verify'
      ? steps
      : steps.map((step, i) => ({ ...step, after: steps.slice(Math.max(0, i - 1), i).map(({ id }) => id) }));
  if (failures.length === 0 && steps.length === 0)
    failures.push({
      code: 'UNSUPPORTED_TREE',
      fact: `${tree.root} has no script hack/${kind}-NAME.sh, .py or .ts to run, and no check of slipway's applies`,
      hint: 'slipway help lists the other targets',
    });
  if (failures.length > 0) return { ...NO_STEPS, failures };
  return { steps: [ignoreStep(planning), ...inRow], failures: [], notes: notesOf(checks) };
}

const notesOf = ({ skipped, untraced, view }: CheckFacts): PlanFragment['notes'] => [
  ...skipped.map(({ name, why }) => ({ what: name, why })),
  ...(untraced === undefined
    ? []
    : [{ what: 'observing', why: `${untraced.why}: a script runs again when any file of the tree changed` }]),
  ...(view === 'overlay'
    ? []
    : [{ what: 'views', why: 'this machine allows no mount namespaces: each script runs in a copy of the tree' }]),
];

function checkStep(
  kind: CheckKind,
  script: CheckScript,
  planning: Planning & { readonly checks: CheckFacts },
): ExecStep {
  const { facts, names, checks, place } = planning;
  const { name, path, program, own } = script;
  const id = `${kind}:${name}` as StepId;
  const { keptOnline = {}, budget = {} } = facts.tree.checks ?? {};
  return {
    kind: 'exec',
    place,
    id,
    title: `${kind} ${name}`,
    needs: [],
    after: [],
    outputs: [],
    pool: 'go',
    argv: [program, path, ...(own === undefined ? [] : [...own.words, own.facts])],
    cwd: HOLES.root,
    env: environmentOf(planning),
    unset: [],
    scratch: goScratchDir(id, names, facts),
    memory: MEMORY,
    check: {
      ...{ kind, name, view: checks.view, traces: checks.untraced === undefined, own: own !== undefined },
      ...{ keptOnline: keptOnline[name], budget: kind === 'verify' ? budget[name] : undefined },
      remedy: checks.updates.includes(name) ? `slipway update WHAT=${name}` : undefined,
    },
    actions: [actionOf(kind, script, { facts, checks })],
  };
}

/**
 * Slipway observes what the script reads. If that is not possible, its inputs are all files of the tree. Go is
 * identified by its version and programs.
 */
function actionOf(
  kind: CheckKind,
  { name, path, program, own }: CheckScript,
  { facts, checks }: { facts: Facts; checks: CheckFacts },
): Action {
  const go = Object.entries(decidingFiles(facts)).filter(([file]) => file.startsWith('go/'));
  return {
    id: `${kind}-${name}`,
    name: `${kind} ${name}`,
    words: [],
    inputs: [
      ...go.map(([file, at]): Input => ({ kind: 'named', name: file, path: at })),
      ...(checks.untraced === undefined ? [] : [{ kind: 'files', paths: checks.untraced.files } as const]),
      { kind: 'observed' },
    ],
    settings: {
      ...{ kind: `check ${kind}`, script: own === undefined ? path : own.facts, program },
      ...{ platform: facts.machine.platform, go: facts.toolchain.version },
      reads: checks.untraced === undefined ? 'observed' : 'the whole tree',
    },
    outputs: [],
    hasResult: true,
    cache: { is: 'shared', why: 'running takes longer than reading a result' },
  };
}

/**
 * Scripts find the tree's Go first on PATH. The variables name Go's caches; otherwise scripts put them into the output,
 * which is empty for each script.
 */
function environmentOf({ facts, variables }: Planning): Environment {
  const { HOME = '', PATH = '', XDG_CACHE_HOME, GOCACHE, GOMODCACHE, GOPATH } = facts.environment;
  const branch = variables['BRANCH'];
  return {
    PATH: `${join(facts.toolchain.command, '..')}:${PATH}`,
    GOCACHE: GOCACHE || join(XDG_CACHE_HOME || join(HOME, '.cache'), 'go-build'),
    GOMODCACHE: GOMODCACHE || join(GOPATH?.split(':')[0] || join(HOME, 'go'), 'pkg/mod'),
    // Some scripts that use colours fail if TERM is not set.
    TERM: 'dumb',
    ...(branch ? { KUBE_VERIFY_GIT_BRANCH: branch } : {}),
    ...looksAtFiles(facts.environment),
  };
}

/**
 * Settings that make git read the files themselves. Slipway cannot observe the answers of git's daemon and its
 * untracked cache.
 */
function looksAtFiles({ GIT_CONFIG_COUNT = '0' }: Environment): Environment {
  const first = Number(GIT_CONFIG_COUNT) || 0;
  const settings = ['core.fsmonitor', 'core.untrackedCache'].flatMap((name, at) => [
    [`GIT_CONFIG_KEY_${first + at}`, name],
    [`GIT_CONFIG_VALUE_${first + at}`, 'false'],
  ]);
  return { ...Object.fromEntries(settings), GIT_CONFIG_COUNT: String(first + settings.length / 2) };
}
