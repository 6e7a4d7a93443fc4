// Makes what is handed out, in _output/dist: npm packages, the executable, their checksums:  npm run package [-- DIR]
import { join, resolve } from 'node:path';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';
import { makeDistribution } from './lib/distribution.ts';

const { positionals } = scriptArguments('npm run package [-- DIR]', {}, 1);
const directory = resolve(positionals[0] ?? join(repositoryRoot, '_output', 'dist'));
for (const file of await makeDistribution(directory)) console.log(join(directory, file));
