import { expect, test } from 'vitest';
import type { GoToolchain } from '@slipway/model';
import { observedNames } from './observed.ts';

const toolchain: GoToolchain = { command: '/go/bin/go', goroot: '/go', version: '1.26.0' };

test('files in the caches of Go and slipway are not inputs of a program, and other files have names without their place', () => {
  const files = ['/u/.cache/slipway/node/x', '/u/.cache/go-build/x', '/u/.cache/other', '/t/a', '/go/src/x'];
  const around = { root: '/t', toolchain, environment: { HOME: '/u' } };
  expect(observedNames({ files, listings: ['/t'], variables: ['HOME', 'LANG'] }, around)).toEqual([
    ...['file a', 'file ~/.cache/other', 'names .', 'variable LANG'],
  ]);
});
