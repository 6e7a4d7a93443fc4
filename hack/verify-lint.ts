import { verify } from './lib/check.ts';
import { lint } from './lib/lint.ts';

await verify(lint);
