export { type Random, seededRandom } from './random.ts';
export { planSyntheticTree } from './plan-synthetic-tree.ts';
export { type SyntheticFile } from './synthetic-file.ts';
export * from './synthetic-tree.ts';
export { type WriteOptions, syntheticFiles, writeSyntheticTree } from './write-synthetic-tree.ts';
