import type { Action } from './action.ts';
import type { Place, Places } from './run-place.ts';
import type { Plan } from './plan.ts';
import type { ExecStep, Step } from './step.ts';

/**
 * What stands in the calls of a plan for what differs from place to place. No argument and no variable of a program can hold a NUL,
 * so that nothing else is taken for one, and no program gets one that was left.
 */
export const HOLES = { root: '\0root\0', output: '\0output\0', go: '\0go\0', scratch: '\0scratch\0' } as const;

/** What a program is told in one place. */
export type Call = Pick<ExecStep, 'argv' | 'cwd' | 'env' | 'unset'>;

/** A text of a plan as it reads in a place. */
export const fillIn = (text: string, { root, output, go }: Place): string =>
  text.includes('\0')
    ? text
        .replaceAll(HOLES.root, () => root)
        .replaceAll(HOLES.output, () => output)
        .replaceAll(HOLES.go, () => go)
    : text;

/**
 * The call of a step in a place, with the variables the place sets. Only this machine has a scratch directory; a variable that
 * names it is left out elsewhere.
 */
export function callIn(step: Call & Pick<ExecStep, 'scratch'>, place: Place): Call {
  const scratch =
    place.name === 'host' && step.scratch !== undefined ? fillIn(below(place.root, step.scratch), place) : undefined;
  const fill = (text: string): string =>
    fillIn(scratch === undefined ? text : text.replaceAll(HOLES.scratch, () => scratch), place);
  const env = Object.entries(step.env).filter(([, value]) => scratch !== undefined || !value.includes(HOLES.scratch));
  return {
    argv: step.argv.map(fill),
    cwd: fill(step.cwd),
    env: { ...place.environment, ...Object.fromEntries(env.map(([name, value]) => [name, fill(value)])) },
    unset: step.unset,
  };
}

/** Where a path of the plan, relative to the root or absolute on this machine, is in a place. */
export function pathAt(path: string, { host }: Places, place: Place): string {
  const here = below(host.root, path);
  const inside = (from: string, to: string): string | undefined =>
    here.startsWith(`${from}/`) ? `${to}${here.slice(from.length)}` : undefined;
  return inside(host.output, place.output) ?? inside(host.root, place.root) ?? here;
}

const below = (root: string, path: string): string => (path.startsWith('/') ? path : `${root}/${path}`);

/** What follows the arguments of a step: what these actions ask for, each word once, then its last words. */
export const wordsAfter = (actions: readonly Action[], { last = [] }: Pick<ExecStep, 'last'>): string[] => [
  ...new Set(actions.flatMap((action) => action.words)),
  ...last,
];

/** The settings of an action as they read in a place: in profile make the path of the tree is one. */
export const settingsIn = ({ settings }: Pick<Action, 'settings'>, place: Place): Action['settings'] =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, fillIn(value, place)]));

/** A step for who reads a plan and does not run it: with the whole call of its program, as it is in its place. */
export function readableStep(step: Step, places: Places): Step {
  if (step.kind !== 'exec') return step;
  const place = places[step.place] ?? places.host;
  const { argv, ...call } = callIn(step, place);
  const actions = step.actions?.map((action) => ({ ...action, settings: settingsIn(action, place) }));
  return { ...step, ...call, argv: [...argv, ...wordsAfter(actions ?? [], step)], ...(actions && { actions }) };
}

export const readablePlan = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => readableStep(step, plan.places)),
});
