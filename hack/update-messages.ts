import { update } from './lib/check.ts';
import { messages } from './lib/messages.ts';

await update(messages);
