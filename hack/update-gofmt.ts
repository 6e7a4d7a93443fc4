import { update } from './lib/check.ts';
import { gofmt } from './lib/gofmt.ts';

await update(gofmt);
