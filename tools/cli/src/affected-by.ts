import { relative } from 'node:path';
import { questionOf } from '@slipway/freshness';
import type { AffectedChain, EventOf } from '@slipway/model';
import type { Planned } from './planned.ts';
import type { Incremental } from './incremental.ts';

/** More changed files than anybody looks at: a first build, another branch. Then none is told of. */
const MOST_FILES = 50;

/** Through which imports the commands of a plan depend on what changed since the last run. Ask before what was learned is saved. */
export async function affectedBy(
  { index, graphs }: Pick<Incremental, 'index' | 'graphs'>,
  { plan, facts }: Planned,
): Promise<EventOf<'affected'>> {
  const learned = index.newContent();
  const files = new Set<string>();
  const chains: (() => readonly AffectedChain[])[] = [];
  for (const step of plan.steps) {
    if (learned.length === 0 || step.kind !== 'exec' || step.go === undefined) continue;
    const { parts, platform } = step.go;
    const question = questionOf(step, step.go, { toolchain: facts.toolchain, environment: plan.environment });
    const { graph } = await graphs.load(question, parts);
    const used = new Set(graph.packages.flatMap(({ dir, files: names }) => names.map((name) => `${dir}/${name}`)));
    const changed = learned.filter((path) => used.has(path));
    for (const path of changed) files.add(path);
    chains.push(() =>
      changed.flatMap((path) =>
        parts.flatMap((part) => {
          const imports = graph.why(part, path);
          return imports === undefined
            ? []
            : [{ file: placeIn(plan.root, path), command: part.name, platform, imports }];
        }),
      ),
    );
  }
  const tooMany = files.size > MOST_FILES;
  return {
    kind: 'affected',
    chains: tooMany ? [] : chains.flatMap((tell) => tell()),
    untold: tooMany ? files.size : 0,
    at: performance.now(),
  };
}

/** Relative to the root, if it is below it. */
function placeIn(root: string, path: string): string {
  const inner = relative(root, path);
  return inner.startsWith('..') ? path : inner;
}
