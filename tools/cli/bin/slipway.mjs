#!/usr/bin/env node
// `npx slipway …` in a checkout: runs the source on this repository's Node. Every Node that npm supports can read this
// file.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../src/main.ts', import.meta.url)));
// hack/install.mjs starts all scripts of a checkout. The published package contains neither file.
await import(new URL('../../../hack/install.mjs', import.meta.url).href);
