import { verify } from './lib/check.ts';
import { importRestrictions } from './lib/import-restrictions.ts';

await verify(importRestrictions);
