export type * from './port.ts';
export { realRemoteExecution } from './real.ts';
