import { verify } from './lib/check.ts';
import { imports } from './lib/imports.ts';

await verify(imports);
