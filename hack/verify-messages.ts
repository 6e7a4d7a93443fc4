import { verify } from './lib/check.ts';
import { messages } from './lib/messages.ts';

await verify(messages);
