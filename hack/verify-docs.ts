import { verify } from './lib/check.ts';
import { docs } from './lib/docs.ts';

await verify(docs);
