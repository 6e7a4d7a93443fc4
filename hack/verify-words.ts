import { verify } from './lib/check.ts';
import { words } from './lib/words.ts';

await verify(words);
