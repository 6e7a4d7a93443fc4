#!/usr/bin/env -S sh -c 'exec node "$(dirname "$0")/../hack/install.mjs" "$0" "$@"'
// A release, built and tested in the build container:  build/release.ts KUBE_RELEASE_RUN_TESTS=n
import { slipway } from './call-slipway.ts';

await slipway('release', ...process.argv.slice(2));
