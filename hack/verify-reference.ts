import { verify } from './lib/check.ts';
import { referencePages } from './lib/reference.ts';

await verify(referencePages);
