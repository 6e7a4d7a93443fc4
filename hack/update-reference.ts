import { update } from './lib/check.ts';
import { referencePages } from './lib/reference.ts';

await update(referencePages);
