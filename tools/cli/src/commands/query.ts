import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  type QueryWord,
  asksForTests,
  evaluateQuery,
  formatGraphviz,
  foundTargets,
  parseQuery,
  queryFunctions,
} from '@slipway/freshness';
import { FailureError, parseLabel } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { readTargetGraph } from '../target-graph.ts';
import type { Asking } from '../services.ts';
import { treeRoot } from '../tree-root.ts';

/** Targets a query names, as labels, JSON or a graph. */
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

interface Places {
  readonly root: string;
  readonly cwd: string;
}

/** A path becomes a label; a label through a link of vendor/ the one of what the link leads to. The rest are import paths. */
function relabel(word: QueryWord, { root, cwd }: Places): QueryWord {
  if (word.label === undefined) {
    if (word.text.startsWith('@')) return word;
    const label = labelAt(resolve(cwd, word.text), root) ?? labelAt(resolve(root, word.text), root);
    return label === undefined ? word : asWord(word, label);
  }
  if (word.label.names === 'test') return word;
  const path = labelAt(join(root, word.label.path), root);
  return path === undefined
    ? word
    : asWord(word, word.label.names === 'below' ? `${path}/...`.replace('///', '//') : path);
}

function asWord(word: QueryWord, text: string): QueryWord {
  const parsed = parseLabel(text);
  return parsed.ok ? { ...word, text, label: parsed.label } : word;
}

/** Undefined where nothing is, or outside of the tree. */
function labelAt(path: string, root: string): string | undefined {
  const below = /[/]?[.]{3}$/.test(path);
  try {
    const inner = relative(root, realpathSync(below ? path.replace(/[/]?[.]{3}$/, '') : path));
    if (inner.startsWith('..') || isAbsolute(inner)) return undefined;
    const label = `//${inner.split(sep).join('/')}`;
    return below ? `${label}/...`.replace('///', '//') : label;
  } catch {
    return undefined;
  }
}
