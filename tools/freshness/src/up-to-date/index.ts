export * from './check.ts';
export type * from './port.ts';
export { goListQuery } from './go-list-query.ts';
export * from './state.ts';
export { explainDifference } from './explain.ts';
export { type ImageTools, type KeyParts, keyOf } from './key.ts';
export { type Reads, nativeQuery, readReads } from './reads.ts';
