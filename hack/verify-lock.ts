import { verify } from './lib/check.ts';
import { lock } from './lib/lock.ts';

await verify(lock);
