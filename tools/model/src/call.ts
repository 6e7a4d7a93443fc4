import type { Action } from './action.ts';
import type { Place, Places } from './run-place.ts';
import type { Plan } from './plan.ts';
import type { ExecStep, Step } from './step.ts';

/**
 * Placeholders in the calls of a plan for values that differ between places. They contain a NUL, which no argument and
 * no variable can hold. So no other text matches them, and no program can receive an unfilled one.
 */
export const HOLES = { root: '\0root\0', output: '\0output\0', go: '\0go\0', scratch: '\0scratch\0' } as const;

/** The call of a program in one place. */
export type Call = Pick<ExecStep, 'argv' | 'cwd' | 'env' | 'unset'>;

/** Fills the placeholders of a text for a place. */
export const fillIn = (text: string, { root, output, go }: Place): string =>
  text.includes('\0')
    ? text
        .replaceAll(HOLES.root, () => root)
        .replaceAll(HOLES.output, () => output)
        .replaceAll(HOLES.go, () => go)
    : text;

/**
 * The call of a step in a place, with the variables that the place sets. Only this machine has a scratch directory;
 * other places leave out variables that name it.
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

/** Maps a path of the plan (relative to the root, or absolute on this machine) to a place. */
export function pathAt(path: string, { host }: Places, place: Place): string {
  const here = below(host.root, path);
  const inside = (from: string, to: string): string | undefined =>
    here.startsWith(`${from}/`) ? `${to}${here.slice(from.length)}` : undefined;
  return inside(host.output, place.output) ?? inside(host.root, place.root) ?? here;
}

const below = (root: string, path: string): string => (path.startsWith('/') ? path : `${root}/${path}`);

/** The words after the arguments of a step: the words of these actions, each once, then the step's last words. */
export const wordsAfter = (actions: readonly Action[], { last = [] }: Pick<ExecStep, 'last'>): string[] => [
  ...new Set(actions.flatMap((action) => action.words)),
  ...last,
];

/** The settings of an action in a place. In profile make one of them is the path of the tree. */
export const settingsIn = ({ settings }: Pick<Action, 'settings'>, place: Place): Action['settings'] =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, fillIn(value, place)]));

/** A step as `--json` and plans show it: with the complete call of its program in its place. */
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
