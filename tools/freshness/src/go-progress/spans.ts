import type { GoSpan } from '@slipway/model';
import type { GoAction } from '../up-to-date/watch-go.ts';

const kinds: Readonly<Record<string, GoSpan['is']>> = { build: 'compile', link: 'link' };

/** The programs that Go ran in a call, from its action graph. */
export function spansOf(actions: readonly GoAction[]): GoSpan[] {
  const critical = criticalOf(actions);
  return actions.flatMap((action) => spanOf(action, critical.has(action)));
}

function spanOf({ Mode = '', Package = '', Cmd, TimeStart, TimeDone }: GoAction, isCritical: boolean): GoSpan[] {
  const is = kinds[Mode];
  const [from, to] = [timeOf(TimeStart), timeOf(TimeDone)];
  if (is === undefined || (Cmd ?? []).length === 0 || !Number.isFinite(from + to)) return [];
  return [{ name: Package, is, from: Math.round(from), to: Math.round(to), ...(isCritical ? { critical: true } : {}) }];
}

const timeOf = (time = ''): number => Date.parse(time) - performance.timeOrigin;

/** From the action that ended last back through its dependencies, always through the one that ended last. */
function criticalOf(actions: readonly GoAction[]): ReadonlySet<GoAction> {
  const byId = new Map(actions.map((action) => [action.ID, { action, done: timeOf(action.TimeDone) }]));
  const latest = (some: Iterable<number | undefined>): GoAction | undefined => {
    let last: { action: GoAction; done: number } | undefined;
    for (const id of some) {
      const at = byId.get(id);
      if (at !== undefined && at.done > (last?.done ?? -Infinity)) last = at;
    }
    return last?.action;
  };
  const path = new Set<GoAction>();
  for (let at = latest(byId.keys()); at !== undefined && !path.has(at);) {
    path.add(at);
    at = latest(at.Deps ?? []);
  }
  return path;
}
