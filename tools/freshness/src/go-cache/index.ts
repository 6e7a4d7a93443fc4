export { localGoCache } from './local-go-cache.ts';
export { serveGo } from './protocol.ts';
export { sharedGoCache } from './shared-go-cache.ts';
