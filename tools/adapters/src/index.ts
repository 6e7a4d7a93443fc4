export type * from './process/port.ts';
export type * from './files/port.ts';
export type * from './git/port.ts';
export type * from './go/port.ts';
export { realCommandRunner } from './process/real.ts';
