import { verify } from './lib/check.ts';
import { patience } from './lib/patience.ts';

await verify(patience);
