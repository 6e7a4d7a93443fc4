import type { PlannedRow, TargetRow } from './targets/row.ts';
import { answerTargets } from './targets/answering.ts';
import { buildTargets } from './targets/building.ts';
import { checkTargets } from './targets/checking.ts';
import { containerTargets } from './targets/containers.ts';
import { releaseTargets } from './targets/releasing.ts';

export type { Packing } from './targets/row.ts';

/** As help shows them. */
export const targetGroups = {
  build: buildTargets,
  release: releaseTargets,
  check: checkTargets,
  container: containerTargets,
  ask: answerTargets,
} as const satisfies Readonly<Record<string, readonly TargetRow[]>>;

/**
 * A make-style goal. Planned targets become steps, by their row in plan/flows/local.ts; containerized ones too, each alone, by
 * plan/flows/containerized.ts, and releases by either; the others answer at once, each from its file in cli/commands. All are typed by these names.
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
/** Planned targets whose row says so are done in containers, too. */
export type ContainerizedTarget =
  | NamesOf<'containerized'>
  | Extract<(typeof targets)[number], { readonly containers: true }>['name'];
export type QueryTarget = NamesOf<'query'>;

/** Targets that are done in containers, and on this machine with --without-docker. */
export const eitherWay: readonly string[] = targets.flatMap((target) => ('containers' in target ? [target.name] : []));

export const findTarget = (name: string): (typeof targets)[number] | undefined =>
  targets.find((target) => target.name === name);

/** Whether a word asks for unit tests. */
export const isTest = (name: string): boolean => {
  const target = findTarget(name);
  return target?.kind === 'build' && target.does === 'test';
};

/** Whether a word asks for scripts of the tree that verify it, or put it right. */
export const checkKind = (name: string): 'verify' | 'update' | undefined => {
  const target = findTarget(name);
  if (target?.kind !== 'build') return undefined;
  return target.does === 'verify' || target.does === 'update' ? target.does : undefined;
};

/** The row of a target that is planned. */
export const plannedRow = (name: BuildTarget): PlannedRow =>
  targets.find((target): target is Extract<(typeof targets)[number], { kind: 'build' }> => target.name === name)!;
