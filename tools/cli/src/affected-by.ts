import { relative } from 'node:path';
import { goListQuery } from '@slipway/freshness';
import { type AffectedChain, type EventOf, goBuildOf } from '@slipway/model';
import { goCommandsOf } from './go-commands.ts';
import type { Planned } from './planned.ts';
import type { Incremental } from './incremental.ts';

/** With more changed files (a first build, another branch) the report lists none. */
const MOST_FILES = 50;

/**
 * The import chains from the plan's commands to the files that changed since the last run. Call it before the new
 * knowledge is saved.
 */
export async function affectedBy(
  { index, graphs }: Pick<Incremental, 'index' | 'graphs'>,
  { plan, facts }: Planned,
): Promise<EventOf<'affected'>> {
  const learned = index.newContent();
  const files = new Set<string>();
  const chains: (() => readonly AffectedChain[])[] = [];
  for (const step of plan.steps) {
    const build = goBuildOf(step);
    if (learned.length === 0 || step.kind !== 'exec' || build === undefined) continue;
    const { host } = plan.places;
    const query = goListQuery(step, build, { toolchain: facts.toolchain, environment: plan.environment, host });
    const commands = goCommandsOf(step);
    const { graph } = await graphs.load(query, commands);
    const used = new Set(graph.packages.flatMap(({ dir, files: names }) => names.map((name) => `${dir}/${name}`)));
    const changed = learned.filter((path) => used.has(path));
    for (const path of changed) files.add(path);
    chains.push(() =>
      changed.flatMap((path) =>
        commands.flatMap((command) => {
          const imports = graph.why(command, path);
          return imports === undefined
            ? []
            : [{ file: placeIn(plan.root, path), command: command.name, platform: build.platform, imports }];
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

/** Relative to the root if it is below the root. */
function placeIn(root: string, path: string): string {
  const inner = relative(root, path);
  return inner.startsWith('..') ? path : inner;
}
