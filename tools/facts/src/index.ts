export { findRoot } from './find-root.ts';
export { readTree, type TreeRequest, type TreeWorld } from './read-tree.ts';
export { resolveWords } from './resolve-words.ts';
export { readFacts, type FactsRequest, type FactsWorld } from './read-facts.ts';
export { findProgram, inherited, inheritedEnvironment } from './environment.ts';
export { availableMemory, hostPlatform, readMachine } from './machine.ts';
export { formatConfig } from './format-config.ts';
export { pathsRead } from './disk.ts';
