// Installs and starts the container engine the tests need, on Debian as root:  node hack/start-engine.ts
import { startEngine } from './lib/start-engine.ts';

process.exitCode = await startEngine((line) => console.log(line));
