import type { FailureError, Tree } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { refuseSettings } from './refused-settings.ts';

/** The setting that is refused, if one is. */
function refused(goFlags: string, what = ''): string | undefined {
  try {
    refuseSettings({
      settings: { GOFLAGS: goFlags },
      defaults: {},
      tree: { moduleMode: 'modules' } as unknown as Tree,
      variables: { WHAT: what },
      toolchain: { command: '/go/bin/go', goroot: '/go', version: '1.22.1' },
    });
    return undefined;
  } catch (error) {
    const [failure] = (error as FailureError).failures;
    return failure?.code === 'GO_SETTING' ? failure.setting : failure?.code;
  }
}

describe('a flag of Go whose result is no command in its place is refused', () => {
  const flags = ['c-shared', 'c-archive', 'archive', 'shared', 'plugin'].map((mode) => `-buildmode=${mode}`);
  test.for([...flags, '-n', '-o=elsewhere', '-C=cmd'])('%s', (flag) => {
    expect(refused(flag)).toBe(flag);
    expect(refused('', `cmd/a ${flag}`)).toBe(flag);
    expect(refused('', `cmd/a -${flag.replace('=', ' ')}`)).toBe(flag);
  });
});

test.for(['', '-buildmode=pie', '-buildmode=exe', '-buildmode=default', '-n=false', '-race', '-tags=n,o'])(
  'what makes a command is not refused: %s',
  (flag) => expect(refused(flag)).toBeUndefined(),
);

test('the last one of a flag decides, as Go has it', () => {
  expect(refused('-buildmode=plugin', 'cmd/a -buildmode=pie')).toBeUndefined();
  expect(refused('-buildmode=pie', 'cmd/a -buildmode=plugin')).toBe('-buildmode=plugin');
});
