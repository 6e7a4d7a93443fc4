export type { Limits } from './admission.ts';
export * from './run-plan.ts';
export type { Freshness, PartVerdict } from './perform/performing.ts';
