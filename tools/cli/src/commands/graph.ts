import { askGraph, checkGraph } from '@slipway/freshness';
import { counted, FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { readInputs } from '../command-inputs.ts';
import { readGraphs } from '../graphs.ts';
import type { Asking } from '../services.ts';

/** The subcommands. */
const actions: Readonly<Record<string, (asking: Asking) => Promise<Answer>>> = { check, inputs };

export async function graph(asking: Asking): Promise<Answer> {
  const [action = '', ...goals] = asking.args;
  const act = actions[action];
  if (act === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `graph can check and show inputs${action === '' ? '' : `, not ${action}`}`,
      hint: 'slipway graph check, slipway graph inputs, or slipway graph check cross for every platform',
    });
  return act(asking.again({ words: goals }));
}

/** `graph inputs`: the directories and files of each command, without tests. */
async function inputs(asking: Asking): Promise<Answer> {
  const tree = await readInputs(asking);
  const lines = tree.commands.flatMap(({ name, platform, dirs, files, problem }) => [
    `${name} ${platform}${problem === undefined ? '' : `: ${problem}`}`,
    ...dirs.map((dir) => `  ${dir}/`),
    ...files.map((file) => `  ${file}`),
  ]);
  return answer(lines, tree);
}

/** `graph check`: compares the kept graph with Go's answer, for WHAT, or with cross for every platform. */
async function check(asking: Asking): Promise<Answer> {
  const kept = await readGraphs(asking);
  const { runner, signal } = asking.services;
  const lines: string[] = [];
  let packages = 0;
  for (const each of kept) {
    const fresh = await askGraph(each.query, each.commands, { runner, signal });
    packages += fresh.packages.length;
    lines.push(...checkGraph(each.graph, fresh, each.commands).map((line) => `${each.query.platform}: ${line}`));
  }
  const platforms = new Set(kept.map((each) => each.query.platform)).size;
  const summary = `${counted(lines.length, 'difference')} in ${counted(kept.length, 'graph')} of ${counted(platforms, 'platform')} (${counted(packages, 'package')})`;
  return answer(
    [...lines, summary],
    { differences: lines, graphs: kept.length, platforms, packages },
    lines.length === 0 ? 'done' : 'verification',
  );
}
