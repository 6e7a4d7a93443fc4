export type * from './process/port.ts';
export { realCommandRunner } from './process/real.ts';
