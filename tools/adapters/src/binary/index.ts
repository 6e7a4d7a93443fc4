export type * from './binary-file.ts';
export { readBinary, readBinaryHeader } from './read-binary.ts';
