#!/usr/bin/env -S sh -c 'exec node "$(dirname "$0")/../hack/install.mjs" "$0" "$@"'
// A command in the build container:  build/run.ts make cross  |  build/run.ts go version
import { eitherWay, findTarget } from '@slipway/catalog';
import { slipway, wordsGiven } from './call-slipway.ts';

const { flags, words } = wordsGiven();
const [program, ...rest] = words;
// This tree has no Makefile: slipway takes the words that make takes elsewhere.
const goal = rest.find((word) => !word.includes('=')) ?? 'all';
const target = findTarget(`${goal}-in-a-container`)?.name ?? eitherWay.find((name) => name === goal);
if (program !== 'make') await slipway(...flags, 'run', '--', ...words);
else if (target !== undefined) await slipway(...flags, target, ...rest.filter((word) => word !== goal));
else {
  console.error(`error: there is no way to make ${goal} in the build container`);
  console.error(
    '  hint: build/run.ts make cross WHAT=components/cmd/kubectl, or a command: build/run.ts go build ./...',
  );
  process.exitCode = 2;
}
