import { askGraph, checkGraph } from '@slipway/freshness';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { readGraphs } from '../graphs.ts';
import type { Asking } from '../world.ts';

/** `graph check`: every difference between the kept graph and what Go says now, for WHAT, or with cross for every platform. */
export async function graph(asking: Asking): Promise<Answer> {
  const [action, ...goals] = asking.args;
  if (action !== 'check')
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'graph can check',
      hint: 'slipway graph check, or slipway graph check cross for every platform',
    });
  const kept = await readGraphs(asking.again({ words: goals }));
  const { runner, signal } = asking.world;
  const lines: string[] = [];
  let packages = 0;
  for (const each of kept) {
    const fresh = await askGraph(each.question, each.parts, { runner, signal });
    packages += fresh.packages.length;
    lines.push(...checkGraph(each.graph, fresh, each.parts).map((line) => `${each.question.platform}: ${line}`));
  }
  const platforms = new Set(kept.map((each) => each.question.platform)).size;
  const summary = `${lines.length} differences in ${kept.length} graphs of ${platforms} ${platforms === 1 ? 'platform' : 'platforms'} (${packages} packages)`;
  return answer(
    [...lines, summary],
    { differences: lines, graphs: kept.length, platforms, packages },
    lines.length === 0 ? 'done' : 'verification',
  );
}
