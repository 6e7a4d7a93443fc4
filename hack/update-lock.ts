import { update } from './lib/check.ts';
import { lock } from './lib/lock.ts';

await update(lock);
