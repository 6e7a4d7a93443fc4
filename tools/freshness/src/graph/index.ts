export type * from './port.ts';
export { askGraph, type AskOptions } from './ask-graph.ts';
export { areTouched, type Changes, type ClosureInputs, isSource, sourceExtensions } from './closure-inputs.ts';
export { checkGraph } from './check-graph.ts';
export { keepGraphs, type KeepOptions } from './keep-graphs.ts';
export { storedGraphs } from './stored-graphs.ts';
