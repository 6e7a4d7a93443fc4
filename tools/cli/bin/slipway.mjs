#!/usr/bin/env node
// `npx slipway …` in a checkout: the source, on the Node of this repository. Any Node that npm runs on reads this file.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../src/main.ts', import.meta.url)));
// hack/install.mjs starts every script of a checkout. The published package has neither of these files.
await import(new URL('../../../hack/install.mjs', import.meta.url).href);
