import type { Tree } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { readHere } from './fixtures/worlds.ts';
import { copiedFixture, mainGo, writtenTree } from './fixtures/written-tree.ts';
import { formatConfig } from './format-config.ts';

const essentials = ({
  goPackage,
  sets,
  allTargets,
  commands,
  aliases,
  staticNames,
  coveragePackages,
  cleanPaths,
  go,
}: Tree) => ({
  goPackage,
  sets,
  allTargets: [...allTargets].sort(),
  commands: commands.map(({ importPath, name }) => `${name} ${importPath}`).sort(),
  aliases,
  staticNames,
  coveragePackages,
  cleanPaths,
  version: go?.version,
});

describe('the written configuration reads back as the same tree', () => {
  test('conventions', async () => {
    using files = writtenTree({
      'go.mod': "module it's.io/m\n\ngo 1.22\n",
      '.go-version': '1.22.3',
      'cmd/a/main.go': mainGo,
      'cmd/b/main.go': mainGo,
      'version/v.go': 'package version\n\nvar gitVersion = "v0"\n',
    });
    const before = await readHere(files.root);
    const text = formatConfig(before);
    files.write({ 'slipway.config.ts': text });
    const after = await readHere(files.root);
    expect(after.source).toBe('slipway.config.ts');
    expect(essentials(after)).toEqual(essentials(before));
    expect(formatConfig({ ...after, source: 'conventions' })).toBe(text);
  });

  test('scripts', async () => {
    using files = copiedFixture('kubernetes-shaped');
    const before = await readHere(files.root);
    const text = formatConfig(before);
    files.write({ 'slipway.config.ts': text });
    const after = await readHere(files.root);
    expect(essentials(after)).toEqual(essentials(before));
    expect(after.invocations.cgo.argv).toContain('-tags=shaped');
    expect(text).toContain('hack/lib/golang.sh is no longer asked');
  });
});

test('a Go version that the tree states itself is not written', async () => {
  using files = writtenTree({ 'go.mod': 'module m\n\ngo 1.22\n', '.go-version': '1.22.3', 'main.go': mainGo });
  files.write({ 'slipway.config.ts': formatConfig(await readHere(files.root)), '.go-version': '1.22.9' });
  expect((await readHere(files.root)).go).toMatchObject({ version: '1.22.9' });
});

test('a tree without commands gets a file that includes later commands', async () => {
  using files = writtenTree({ 'go.mod': 'module m\n\ngo 1.22\n', 'lib.go': 'package m\n' });
  files.write({ 'slipway.config.ts': formatConfig(await readHere(files.root)), 'cmd/new/main.go': mainGo });
  expect((await readHere(files.root)).allTargets).toEqual(['cmd/new']);
});

test('the text', async () => {
  using files = writtenTree({ 'go.mod': 'module x.io/m\n\ngo 1.22\n', 'cmd/tool/main.go': mainGo });
  expect(formatConfig(await readHere(files.root))).toBe(`/// <reference path="./slipway.d.ts" />
${'import'} type { Config } from 'slipway';

// Written by slipway init from conventions. Every field may be left out: it is then found by convention.
export default {
  /** Commands that are built and shipped together, with their platforms. */
  sets: {
    client: {
      targets: ['cmd/tool'],
      platforms: ['darwin/amd64', 'darwin/arm64', 'linux/amd64', 'linux/arm64', 'windows/amd64'],
    },
  },
  // Commands that are not built by default.
  // exclude: ['cmd/tool'],
  // Names and settings of single commands.
  // targets: [{ path: 'cmd/tool', name: 'other-tool' }],
  // Other variables that the linker sets, with their values.
  // stamps: { 'pkg/version.Version': '{version}' },
} satisfies Config;
`);
});
