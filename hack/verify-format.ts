import { verify } from './lib/check.ts';
import { format } from './lib/format.ts';

await verify(format);
