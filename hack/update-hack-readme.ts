import { update } from './lib/check.ts';
import { hackReadme } from './lib/hack-readme.ts';

await update(hackReadme);
