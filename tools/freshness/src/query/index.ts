export { evaluateQuery, type QueryResult, type Relabel } from './evaluate-query.ts';
export { type FoundTarget, formatGraphviz, foundTargets } from './format-targets.ts';
export { type QueryExpression, type QueryWord, asksForTests, parseQuery, queryFunctions } from './parse-query.ts';
export { type QueryTarget, type TargetGraph, targetGraph } from './target-graph.ts';
