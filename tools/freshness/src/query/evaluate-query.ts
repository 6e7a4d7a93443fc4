import { reach, reversed } from '../graph/numbered.ts';
import type { QueryExpression, QueryWord } from './parse-query.ts';
import type { TargetGraph } from './target-graph.ts';

export type QueryResult =
  /** Numbers of targets. A path has its order, all others are sorted by label. */
  | { readonly ok: true; readonly targets: readonly number[] }
  | { readonly ok: false; readonly at: number; readonly fact: string };

/** Resolves a word that is not a label, and a label through a link in vendor/. The caller reads the disk. */
export type Relabel = (word: QueryWord) => QueryWord;

export function evaluateQuery(graph: TargetGraph, expression: QueryExpression, relabel: Relabel = same): QueryResult {
  try {
    const found = new Evaluation(graph, relabel).of(expression);
    const inOrder = expression.is === 'call' && expression.name === 'somepath';
    return { ok: true, targets: inOrder ? [...found] : [...found].sort((one, other) => one - other) };
  } catch (error) {
    if (error instanceof Unmatched) return { ok: false, at: error.word.at, fact: error.message };
    throw error;
  }
}

const same: Relabel = (word) => word;

class Unmatched extends Error {
  readonly word: QueryWord;

  constructor(word: QueryWord) {
    super(`${word.text} names no package of this tree or of what it imports`);
    this.word = word;
  }
}

type Numbers = ReadonlySet<number>;

class Evaluation {
  readonly #graph: TargetGraph;
  readonly #relabel: Relabel;
  #importers: number[][] | undefined;

  constructor(graph: TargetGraph, relabel: Relabel) {
    this.#graph = graph;
    this.#relabel = relabel;
  }

  of(expression: QueryExpression): Numbers {
    switch (expression.is) {
      case 'word':
        return this.#word(expression);
      case 'set':
        return new Set(expression.of.flatMap((each) => [...this.of(each)]));
      case 'union':
        return this.of(expression.left).union(this.of(expression.right));
      case 'except':
        return this.of(expression.left).difference(this.of(expression.right));
      case 'intersect':
        return this.of(expression.left).intersection(this.of(expression.right));
      case 'call':
        return this.#call(expression);
    }
  }

  #call({ name, of, depth, pattern }: Extract<QueryExpression, { is: 'call' }>): Numbers {
    const [first = none, second = none] = of.map((each) => this.of(each));
    const { targets, imports } = this.#graph;
    switch (name) {
      case 'deps':
        return within(imports, first, depth);
      case 'rdeps': {
        const universe = within(imports, first, undefined);
        const among = this.#importersOf().map((tos, from) =>
          universe.has(from) ? tos.filter((to) => universe.has(to)) : [],
        );
        return within(among, second.intersection(universe), depth);
      }
      case 'somepath':
        return new Set(shortestPath(imports, first, second));
      case 'allpaths':
        return within(imports, first, undefined).intersection(within(this.#importersOf(), second, undefined));
      case 'kind':
        return new Set([...first].filter((one) => pattern!.test(targets[one]!.kind)));
      case 'filter':
        return new Set([...first].filter((one) => pattern!.test(targets[one]!.label)));
      case 'tests': {
        const dirs = new Set([...first].map((one) => targets[one]!.dir));
        return this.#where(({ kind, dir }) => kind === 'go_test' && dirs.has(dir));
      }
    }
  }

  #importersOf(): number[][] {
    return (this.#importers ??= reversed(this.#graph.imports));
  }

  #where(matches: (target: TargetGraph['targets'][number]) => boolean): Numbers {
    return new Set([...this.#graph.targets.entries()].flatMap(([one, target]) => (matches(target) ? one : [])));
  }

  #word(written: QueryWord): Numbers {
    const word = this.#relabel(written);
    const found = this.#where(matcher(word));
    if (found.size === 0) throw new Unmatched(written);
    return found;
  }
}

const none: Numbers = new Set();

/** A pattern never matches test binaries; `tests` selects them. */
function matcher({ label, text }: QueryWord): (target: TargetGraph['targets'][number]) => boolean {
  if (label?.names === 'test') return (target) => target.kind === 'go_test' && target.label === text;
  if (label === undefined) {
    const path = text.replace(/^@/, '');
    const below = path.endsWith('/...') ? path.slice(0, -'/...'.length) : undefined;
    return ({ kind, importPath }) =>
      kind !== 'go_test' &&
      (below === undefined ? importPath === path : importPath === below || importPath.startsWith(`${below}/`));
  }
  const start = `//${label.path}`;
  const inner = label.path === '' ? start : `${start}/`;
  return (target) =>
    target.kind !== 'go_test' &&
    (target.label === start || (label.names === 'below' && target.label.startsWith(inner)));
}

function within(edges: readonly (readonly number[])[], starts: Numbers, depth: number | undefined): Numbers {
  if (depth === undefined) return new Set(reach(edges, starts));
  const found = new Set(starts);
  let border = [...starts];
  for (let step = 0; step < depth && border.length > 0; step++) {
    border = [...new Set(border.flatMap((one) => edges[one]!))].filter((one) => !found.has(one));
    for (const one of border) found.add(one);
  }
  return found;
}

/** From any of the first to any of the second; empty without one. */
function shortestPath(edges: readonly (readonly number[])[], starts: Numbers, ends: Numbers): number[] {
  const from = new Map<number, number | undefined>([...starts].map((one) => [one, undefined]));
  for (const one of from.keys()) {
    if (ends.has(one)) {
      const path: number[] = [];
      for (let at: number | undefined = one; at !== undefined; at = from.get(at)) path.unshift(at);
      return path;
    }
    for (const next of edges[one]!) if (!from.has(next)) from.set(next, one);
  }
  return [];
}
