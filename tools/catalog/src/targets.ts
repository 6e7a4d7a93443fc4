import type { PlannedRow, TargetRow } from './targets/row.ts';
import { answerTargets } from './targets/answering.ts';
import { buildTargets } from './targets/building.ts';
import { checkTargets } from './targets/checking.ts';
import { containerTargets } from './targets/containers.ts';
import { releaseTargets } from './targets/releasing.ts';

export type { Packing } from './targets/row.ts';

/** In the order of help. */
export const targetGroups = {
  build: buildTargets,
  release: releaseTargets,
  check: checkTargets,
  container: containerTargets,
  ask: answerTargets,
} as const satisfies Readonly<Record<string, readonly TargetRow[]>>;

/**
 * Goals in make's style. The row of a planned target in plan/flows/local.ts turns it into steps. For containerized
 * targets, which run alone, plan/flows/containerized.ts does so, and for releases one of the two. Other targets answer
 * at once, each from its file in cli/commands. Users type these names.
 */
export const targets = [
  ...buildTargets,
  ...releaseTargets,
  ...checkTargets,
  ...containerTargets,
  ...answerTargets,
] as const;

export type Target = TargetRow;
type NamesOf<K extends TargetRow['kind']> = Extract<(typeof targets)[number], { kind: K }>['name'];
export type BuildTarget = NamesOf<'build'>;
/** Planned targets that also run in containers, by their row. */
export type ContainerizedTarget =
  | NamesOf<'containerized'>
  | Extract<(typeof targets)[number], { readonly containers: true }>['name'];
export type QueryTarget = NamesOf<'query'>;

/** Targets that run in containers, or on this machine with --without-docker. */
export const eitherWay: readonly string[] = targets.flatMap((target) => ('containers' in target ? [target.name] : []));

export const findTarget = (name: string): (typeof targets)[number] | undefined =>
  targets.find((target) => target.name === name);

/**
 * How many words may follow a target, by the `arguments` of its row, when the first of them is `first`. A word in lower
 * case stands for itself (`show KEY`); a command says itself which it does not know.
 */
export function mostArguments({ arguments: words }: Target, first: string | undefined): number {
  if (words === undefined) return 0;
  if (/…|--/.test(words)) return Number.POSITIVE_INFINITY;
  const forms = words
    .replaceAll(/[[\]]/g, '')
    .split(/,? or |, /)
    .map((form) => form.split(' '));
  const named = forms.filter(([name]) => /^[a-z]+$/.test(name!));
  const meant = named.filter(([name]) => name === first);
  if (meant.length === 0 && named.length === forms.length) return Number.POSITIVE_INFINITY;
  return Math.max(...(meant.length === 0 ? forms : meant).map((form) => form.length));
}

/** Reports whether a word selects unit tests. */
export const isTest = (name: string): boolean => {
  const target = findTarget(name);
  return target?.kind === 'build' && target.does === 'test';
};

/** Whether a word selects scripts that verify the tree, or scripts that update it. */
export const checkKind = (name: string): 'verify' | 'update' | undefined => {
  const target = findTarget(name);
  if (target?.kind !== 'build') return undefined;
  return target.does === 'verify' || target.does === 'update' ? target.does : undefined;
};

/** The row of a planned target. */
export const plannedRow = (name: BuildTarget): PlannedRow =>
  targets.find((target): target is Extract<(typeof targets)[number], { kind: 'build' }> => target.name === name)!;
