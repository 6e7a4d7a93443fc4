import { verify } from './lib/check.ts';
import { testOptions } from './lib/test-options.ts';

await verify(testOptions);
