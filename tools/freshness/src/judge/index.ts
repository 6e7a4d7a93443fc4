export * from './judge.ts';
export { questionOf } from './question.ts';
export * from './state.ts';
export { explainDifference } from './explain.ts';
export { type ImageTools, type KeyParts, keyOf, keyParts } from './key.ts';
export { type Reads, readReads } from './reads.ts';
