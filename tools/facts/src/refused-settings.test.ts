import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FailureError, Tree } from '@slipway/model';
import { afterAll, describe, expect, test } from 'vitest';
import { openDisk } from './disk.ts';
import { refuseSettings } from './refused-settings.ts';

/** The setting that is refused, if any. */
function refused(goFlags: string, what = '', root = '/nowhere'): string | undefined {
  try {
    refuseSettings({
      settings: { GOFLAGS: goFlags },
      defaults: {},
      disk: openDisk(),
      tree: { moduleMode: 'modules', root } as unknown as Tree,
      variables: { WHAT: what },
      toolchain: { command: '/go/bin/go', goroot: '/go', version: '1.22.1' },
    });
    return undefined;
  } catch (error) {
    const [failure] = (error as FailureError).failures;
    return failure?.code === 'GO_SETTING' ? failure.setting : failure?.code;
  }
}

describe('a Go flag whose result is not a command in its place is refused', () => {
  const flags = ['c-shared', 'c-archive', 'archive', 'shared', 'plugin'].map((mode) => `-buildmode=${mode}`);
  test.for([...flags, '-n', '-o=elsewhere', '-C=cmd'])('%s', (flag) => {
    expect(refused(flag)).toBe(flag);
    expect(refused('', `cmd/a ${flag}`)).toBe(flag);
    expect(refused('', `cmd/a -${flag.replace('=', ' ')}`)).toBe(flag);
  });
});

test.for(['', '-buildmode=pie', '-buildmode=exe', '-buildmode=default', '-n=false', '-race', '-tags=n,o'])(
  'a setting that still makes a command is accepted: %s',
  (flag) => expect(refused(flag)).toBeUndefined(),
);

test('the last of several flags decides, as in Go', () => {
  expect(refused('-buildmode=plugin', 'cmd/a -buildmode=pie')).toBeUndefined();
  expect(refused('-buildmode=pie', 'cmd/a -buildmode=plugin')).toBe('-buildmode=plugin');
});

describe('an overlay of files that define the modules', () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-overlay-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const files = {
    'go.mod': 'module example.org/a\n\ngo 1.21\n',
    'go.work': 'go 1.21\n\nuse .\n',
    requires: 'module example.org/a\n\ngo 1.21\n\nrequire example.org/b v1.0.0\n',
    renamed: 'module example.org/other\n\ngo 1.21\n',
    newer: 'module example.org/a\n\ngo 1.22\n',
    wider: 'go 1.21\n\nuse (\n\t.\n\t./sub\n)\n',
  };
  mkdirSync(join(root, 'sub'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  const overlaid = (from: string, to: string): string | undefined => {
    writeFileSync(join(root, 'o.json'), JSON.stringify({ Replace: { [from]: to } }));
    return refused('-overlay=o.json', '', root);
  };

  test.for([
    ['another module line', 'go.mod', 'renamed'],
    ['another go line', 'go.mod', 'newer'],
    ['by its absolute path', join(root, 'go.mod'), join(root, 'renamed')],
    ['a go.mod that is taken away', 'go.mod', ''],
    ['a go.mod where there is none', 'sub/go.mod', 'renamed'],
    ['a workspace that uses more', 'go.work', 'wider'],
  ] as const)('is refused: %s', ([, from, to]) => expect(overlaid(from, to)).toBe('-overlay=o.json'));

  test.for([
    ['other requirements', 'go.mod', 'requires'],
    ['a source', 'main.go', 'renamed'],
    ['a module beside the tree', '../go.mod', 'renamed'],
  ] as const)('is followed: %s', ([, from, to]) => expect(overlaid(from, to)).toBeUndefined());
});
