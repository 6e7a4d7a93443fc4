// Installs and starts the container engine the tests need, on Debian as root:  node hack/start-engine.ts
import { scriptArguments } from './lib/arguments.ts';
import { startEngine } from './lib/start-engine.ts';

scriptArguments('node hack/start-engine.ts', {}, 0);
process.exitCode = await startEngine((line) => console.log(line));
