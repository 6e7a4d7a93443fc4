// Makes the package we publish, in _output/package:  node hack/build-package.ts [DIR]
import { join, resolve } from 'node:path';
import { scriptArguments } from './lib/arguments.ts';
import { buildPackage } from './lib/build-package.ts';
import { repositoryRoot } from './lib/check.ts';

const { positionals } = scriptArguments('node hack/build-package.ts [DIR]', {}, 1);
const directory = resolve(positionals[0] ?? join(repositoryRoot, '_output', 'package'));
const { name, version, bytes } = await buildPackage(directory);
console.log(`${name} ${version} in ${directory}, ${(bytes / 1024).toFixed(0)} KiB; npm pack ${directory}`);
