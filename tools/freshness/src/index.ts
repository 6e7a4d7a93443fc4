export * from './graph/index.ts';
export { checkRunRecord, type RunCheck } from './index/check-run-record.ts';
export { copyKnown } from './index/known-contents.ts';
export { openIndex } from './index/open-index.ts';
export type * from './index/port.ts';
export { dropRunRecord, dropOldRecords, writeRunRecord } from './index/write-run-record.ts';
export * from './up-to-date/index.ts';
export * from './native/index.ts';
export * from './go-cache/index.ts';
export * from './query/index.ts';
export * from './store/open-store.ts';
export { type SharedStore, sharedStore } from './store/shared-store.ts';
export { type Belief, believes, believingStore } from './store/scopes.ts';
export {
  type SharedCacheSettings,
  fingerprint,
  clusterConnection,
  sharedCacheSettings,
  writersOf,
} from './store/shared-cache-settings.ts';
export { defaultStoreOptions } from './store/default-options.ts';
export type * from './store/port.ts';
