export type { Limits } from './admission.ts';
export * from './run-plan.ts';
