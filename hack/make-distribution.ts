// Makes what is handed out, in _output/dist: npm packages, executables, checksums, provenance:
//
//     npm run package [-- DIR] [--image] [--sign KEY]
//
// With --image the image for a CI as well, on Debian; with --sign a signature by the key in that file.
import { join, resolve } from 'node:path';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';
import { makeDistribution } from './lib/distribution.ts';

const options = { image: { type: 'boolean' }, sign: { type: 'string' } } as const;
const { positionals, values } = scriptArguments('npm run package [-- DIR] [--image] [--sign KEY]', options, 1);
const directory = resolve(positionals[0] ?? join(repositoryRoot, '_output', 'dist'));
const key = values.sign === undefined ? undefined : resolve(values.sign);
for (const file of await makeDistribution(directory, { image: values.image === true, key }))
  console.log(join(directory, file));
