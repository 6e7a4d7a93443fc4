import { update } from './lib/check.ts';
import { format } from './lib/format.ts';

await update(format);
