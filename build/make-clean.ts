#!/usr/bin/env -S sh -c 'exec node "$(dirname "$0")/../hack/install.mjs" "$0" "$@"'
// Nothing of this tree is left in the container engine:  build/make-clean.ts
import { slipway } from './call-slipway.ts';

await slipway('make-clean', ...process.argv.slice(2));
