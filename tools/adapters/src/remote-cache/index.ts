export { RemoteCacheError } from './port.ts';
export type * from './port.ts';
export { nothingCached } from './nothing.ts';
export { realRemoteCache } from './real.ts';
