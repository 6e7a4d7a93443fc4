#!/usr/bin/env node
// `npx slipway …` in a checkout: the source, on the Node of this repository. Any Node that npm runs on reads this file.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../src/main.ts', import.meta.url)));
// What starts every script here; only a checkout has it, and this file is in no package.
await import(new URL('../../../hack/install.mjs', import.meta.url).href);
