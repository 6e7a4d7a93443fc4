import {
  asksForTests,
  evaluateQuery,
  formatGraphviz,
  foundTargets,
  parseQuery,
  queryFunctions,
} from '@slipway/freshness';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { relabel } from '../query-word.ts';
import { readTargetGraph } from '../target-graph.ts';
import type { Asking } from '../services.ts';
import { treeRoot } from '../tree-root.ts';

/** The targets that match a query, as labels, JSON or a graph. */
export async function query(asking: Asking): Promise<Answer> {
  const { args, line, services } = asking;
  const text = args.join(' ');
  const parsed = parseQuery(text);
  if (!parsed.ok) throw refusal(text, parsed);
  const root = treeRoot(services.cwd, services.environment);
  const tests = asksForTests(parsed.expression) ? 'with tests' : 'without tests';
  const graph = await readTargetGraph(asking, tests);
  const result = evaluateQuery(graph, parsed.expression, (word) => relabel(word, { root, cwd: services.cwd }));
  if (!result.ok) throw refusal(text, result);
  const found = foundTargets(graph, result.targets);
  if (line.output === 'json') return answer(JSON.stringify(found, undefined, 2).split('\n'), found);
  return answer(line.output === 'graph' ? formatGraphviz(found) : found.map(({ label }) => label), found);
}

const refusal = (text: string, { at, fact }: { readonly at: number; readonly fact: string }): FailureError =>
  new FailureError({
    code: 'BAD_LABEL',
    text,
    at,
    fact,
    hint: `as in slipway query '${queryFunctions.rdeps.example}'; slipway help query names the functions`,
  });
