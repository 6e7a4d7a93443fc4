import { verify } from './lib/check.ts';
import { gofmt } from './lib/gofmt.ts';

await verify(gofmt);
