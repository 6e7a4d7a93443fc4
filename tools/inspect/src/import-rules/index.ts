export { type ImportCheck, importChecks } from './checks.ts';
export type { Importing, Violation } from './importing.ts';
