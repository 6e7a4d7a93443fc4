import { verify } from './lib/check.ts';
import { hosts } from './lib/hosts.ts';

await verify(hosts);
