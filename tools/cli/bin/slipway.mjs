#!/usr/bin/env node
// `npx slipway …` in a checkout: the source, on the Node of this repository. Any Node that npm runs on reads this file.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../src/main.ts', import.meta.url)));
await import('../../../hack/install.mjs');
