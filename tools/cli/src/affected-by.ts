import { relative } from 'node:path';
import { questionOf } from '@slipway/freshness';
import type { AffectedChain, EventOf } from '@slipway/model';
import type { Planned } from './commands/build.ts';
import type { Incremental } from './incremental.ts';

/** More changed files than anybody looks at: a first build, another branch. */
const MOST_FILES = 50;

/** Through which imports the commands of a plan depend on what changed since the last run. Ask before what was learned is saved. */
export async function affectedBy(
  { index, graphs }: Pick<Incremental, 'index' | 'graphs'>,
  { plan, facts }: Planned,
): Promise<EventOf<'affected'>> {
  const chains: AffectedChain[] = [];
  const left = new Set<string>();
  const learned = index.newContent();
  for (const step of plan.steps) {
    if (step.kind !== 'exec' || step.go === undefined) continue;
    const { parts, platform } = step.go;
    const question = questionOf(step, step.go, { toolchain: facts.toolchain, environment: plan.environment });
    const { graph } = await graphs.load(question, parts);
    const used = new Set(graph.packages.flatMap(({ dir, files }) => files.map((file) => `${dir}/${file}`)));
    const changed = learned.filter((path) => used.has(path));
    for (const path of changed.slice(MOST_FILES)) left.add(path);
    for (const path of changed.slice(0, MOST_FILES))
      for (const part of parts) {
        const imports = graph.why(part, path);
        const inner = relative(plan.root, path);
        const file = inner.startsWith('..') ? path : inner;
        if (imports !== undefined) chains.push({ file, command: part.name, platform, imports });
      }
  }
  return { kind: 'affected', chains, left: left.size, at: performance.now() };
}
