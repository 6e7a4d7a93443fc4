import { isAbsolute, join } from 'node:path/posix';
import type { Plan } from '@slipway/model';

/** Paths of a plan are relative to its root, or absolute. */
export const pathIn = (plan: Plan, path: string): string => (isAbsolute(path) ? path : join(plan.root, path));
