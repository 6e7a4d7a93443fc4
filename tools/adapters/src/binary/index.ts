export type * from './binary-file.ts';
export { readBinary } from './read-binary.ts';
