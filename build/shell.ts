#!/usr/bin/env -S sh -c 'exec node "$(dirname "$0")/../hack/install.mjs" "$0" "$@"'
// A shell in the build container:  build/shell.ts
import { slipway, wordsGiven } from './call-slipway.ts';

const { flags, words } = wordsGiven();
await slipway(...flags, 'shell', '--', ...words);
