#!/usr/bin/env -S sh -c 'exec node "$(dirname "$0")/../hack/install.mjs" "$0" "$@"'
// Results and generated files come back from the data container:  build/copy-output.ts
import { slipway } from './call-slipway.ts';

await slipway('copy-output', ...process.argv.slice(2));
