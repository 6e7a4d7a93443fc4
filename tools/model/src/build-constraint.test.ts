import { expect, test } from 'vitest';
import { isUnconstrained, mayTake } from './build-constraint.ts';
import type { Platform } from './platform.ts';

const linux = { platform: 'linux/amd64' as Platform, tags: ['given'] };

test.each<[string, string | undefined, boolean]>([
  ['x.go', undefined, true],
  ['x_linux.go', undefined, true],
  ['x_windows.go', undefined, false],
  ['x_amd64.go', undefined, true],
  ['x_windows_amd64.go', undefined, false],
  ['x_linux_arm64.go', undefined, false],
  ['linux.go', undefined, true],
  ['windows.go', undefined, true],
  ['x_unix.go', undefined, true],
  ['x.go', 'unix && !windows', true],
  ['x.go', '!linux', false],
  ['x.go', 'given', true],
  ['x.go', 'tools', false],
  ['x.go', '!tools', true],
  ['x.go', '(windows || darwin) && cgo', false],
  ['x.go', 'linux && cgo', true],
  ['x.go', 'linux && !cgo', true],
  ['x.go', 'go1.18 && gc && !gccgo', true],
  ['x.go', 'a b', true],
])('%s with %s on linux', (file, constraint, taken) => {
  expect(mayTake({ file, name: 'main', ...(constraint === undefined ? {} : { constraint }) }, linux)).toBe(taken);
});

test('a build for any platform may take a file of one platform, and no build takes a file whose tag is not given', () => {
  const any = { platform: undefined, tags: [] };
  const clause = (constraint: string) => ({ file: 'x.go', name: 'main', constraint });
  expect(mayTake(clause('plan9'), any)).toBe(true);
  expect(mayTake(clause('plan9 && tools'), any)).toBe(false);
});

test('a file with a constraint in its name or its text is not in all builds', () => {
  expect(isUnconstrained({ file: 'x.go', name: 'main' })).toBe(true);
  expect(isUnconstrained({ file: 'x_arm.go', name: 'main' })).toBe(false);
  expect(isUnconstrained({ file: 'x.go', name: 'main', constraint: 'gc' })).toBe(false);
});
