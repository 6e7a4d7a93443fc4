export type { Limits } from './admission.ts';
export * from './run-plan.ts';
export type { Containers, Terminal } from './perform/performing.ts';
export { packagePlace } from './tests/known.ts';
export { fromActionResult } from './tests/result.ts';
export { formatFailedPackage, formatPackage, formatWholePackage } from './tests/format-result.ts';
