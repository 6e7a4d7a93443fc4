import { verify } from './lib/check.ts';
import { hackReadme } from './lib/hack-readme.ts';

await verify(hackReadme);
