import type { QueryTarget, TargetGraph } from './target-graph.ts';

/** A target in the result, with its imports in the result. */
export interface FoundTarget extends QueryTarget {
  readonly imports: readonly string[];
}

export function foundTargets(graph: TargetGraph, numbers: readonly number[]): FoundTarget[] {
  const among = new Set(numbers);
  return numbers.map((one) => ({
    ...graph.targets[one]!,
    imports: graph.imports[one]!.filter((to) => among.has(to)).map((to) => graph.targets[to]!.label),
  }));
}

/** In Graphviz' language. */
export function formatGraphviz(targets: readonly FoundTarget[]): string[] {
  return [
    'digraph imports {',
    '  node [shape=box];',
    ...targets.map(({ label }) => `  ${JSON.stringify(label)};`),
    ...targets.flatMap(({ label, imports }) =>
      imports.map((to) => `  ${JSON.stringify(label)} -> ${JSON.stringify(to)};`),
    ),
    '}',
  ];
}
