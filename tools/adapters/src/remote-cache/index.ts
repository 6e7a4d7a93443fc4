export { RemoteCacheError } from './port.ts';
export type * from './port.ts';
export { realRemoteCache } from './real.ts';
