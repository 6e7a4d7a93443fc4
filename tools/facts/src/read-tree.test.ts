import { join } from 'node:path';
import type { Environment, Tree } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { programlessWorld, readHere, treeWorld } from './fixtures/worlds.ts';
import { mainGo, writtenTree } from './fixtures/written-tree.ts';
import { readTree } from './read-tree.ts';
import { openDisk } from './disk.ts';
import { resolveWords } from './resolve-words.ts';

const goMod = (module: string, go = '1.22'): string => `module ${module}\n\ngo ${go}\n`;
const targets = (tree: Tree): string[] =>
  tree.commands.map(({ target, kind, importPath, moduleDir }) => `${target} ${kind} ${importPath} ${moduleDir}`);

describe('conventions', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'cmd/*, nested ones and a library too',
      { 'cmd/a/main.go': mainGo, 'cmd/a/b/main.go': mainGo, 'cmd/lib/lib.go': 'package lib\n', 'main.go': mainGo },
      ['cmd/a main m/cmd/a .', 'cmd/a/b main m/cmd/a/b .', '. main m .', 'cmd/lib library m/cmd/lib .'],
    ],
    ['cmd itself', { 'cmd/main.go': mainGo }, ['cmd main m/cmd .']],
    [
      '<dir>/cmd, but not those for upkeep',
      { 'cloud/cmd/core/main.go': mainGo, 'hack/cmd/x/main.go': mainGo, 'test/cmd/y/main.go': mainGo },
      ['cloud/cmd/core main m/cloud/cmd/core .'],
    ],
    [
      'no deeper than three levels',
      { 'cmd/a/b/c/main.go': mainGo, 'cmd/a/b/c/d/main.go': mainGo },
      ['cmd/a/b/c main m/cmd/a/b/c .'],
    ],
    [
      'the root, and main.go on two levels',
      {
        'main.go': mainGo,
        'controlplane/tool/main.go': mainGo,
        'other/other.go': mainGo,
        'internal/gen/main.go': mainGo,
        'test/x/main.go': mainGo,
        'a/b/c/main.go': mainGo,
      },
      ['. main m .', 'controlplane/tool main m/controlplane/tool .'],
    ],
    [
      'the first level without cmd and root',
      { 'lib.go': 'package m\n', 'tool/tool.go': mainGo, 'docs/x/main.go': mainGo, 'sub/deep/a.go': mainGo },
      ['tool main m/tool .'],
    ],
    [
      'what Go cannot link is none: a main package without a function main, in text or in a comment alone',
      {
        'cmd/a/main.go': mainGo,
        'cmd/b/b.go': 'package main\n\n// func main() {}\nconst text = `\nfunc main() {}\n`\n',
        'cmd/c/c.go': 'package main\n\ntype T struct{}\n\nfunc (T) main() {}\n',
        'cmd/d/a.go': 'package main\n\nfunc help() {}\n',
        'cmd/d/z.go': mainGo,
      },
      ['cmd/a main m/cmd/a .', 'cmd/b main m/cmd/b .', 'cmd/c main m/cmd/c .', 'cmd/d main m/cmd/d .'],
    ],
    [
      'a file for tools at the root is no command, and hides none',
      {
        'magefile.go': `//go:build mage\n\n${mainGo}`,
        'gen.go': `//go:build generate\n\n${mainGo}`,
        'tool/main.go': mainGo,
        'tool/tools.go': '//go:build tools\n\npackage tools\n',
        'tool/doc.go': '// Package documentation of it.\npackage documentation\n',
      },
      ['tool main m/tool .'],
    ],
    [
      'examples and the like below cmd are left out',
      { 'cmd/a/main.go': mainGo, 'cmd/examples/x/main.go': mainGo, 'cmd/a/test/main.go': mainGo },
      ['cmd/a main m/cmd/a .'],
    ],
    [
      'directories go.mod ignores are no packages',
      {
        'go.mod': `${goMod('m', '1.25')}\nignore (\n\t./cmd/web\n\tnode_modules\n)\n`,
        'cmd/a/main.go': mainGo,
        'cmd/web/main.go': mainGo,
        'cmd/a/node_modules/x/main.go': mainGo,
      },
      ['cmd/a main m/cmd/a .'],
    ],
    [
      'each module is looked into, those of tests and tools left out',
      {
        'cmd/a/main.go': mainGo,
        'other/go.mod': goMod('o'),
        'other/cmd/b/main.go': mainGo,
        'cmd/c/go.mod': goMod('c'),
        'cmd/c/main.go': mainGo,
        'test/e2e/go.mod': goMod('e2e'),
        'test/e2e/cmd/x/main.go': mainGo,
      },
      ['cmd/a main m/cmd/a .', 'cmd/c main c cmd/c', 'other/cmd/b main o/cmd/b other'],
    ],
    [
      'staging modules come with their own commands',
      {
        'cmd/a/main.go': mainGo,
        'staging/src/x.io/lib/go.mod': goMod('x.io/lib'),
        'staging/src/x.io/lib/cmd/gen/main.go': mainGo,
        'staging/src/x.io/pure/go.mod': goMod('x.io/pure'),
      },
      ['cmd/a main m/cmd/a .', 'staging/src/x.io/lib/cmd/gen main x.io/lib/cmd/gen staging/src/x.io/lib'],
    ],
  ])('%s', async (_what, files, expected) => {
    using tree = writtenTree({ 'go.mod': goMod('m'), ...files });
    const services = programlessWorld();
    const read = await readTree({ root: tree.root, variables: {}, services });
    expect(targets(read)).toEqual(expected);
    expect(read).toMatchObject({
      root: tree.root,
      source: 'conventions',
      goPackage: 'm',
      moduleMode: 'module',
      vendored: false,
      vendorByDefault: false,
      fakeGopath: false,
    });
    expect(services.runner.requests).toEqual([]);
  });

  test('a tree of modules without one at the root', async () => {
    using tree = writtenTree({
      'one/go.mod': goMod('x.io/mono/one'),
      'one/main.go': mainGo,
      'two/api/go.mod': goMod('x.io/mono/two/api/v2'),
      'two/api/cmd/b/main.go': mainGo,
      'hack/tools/go.mod': goMod('x.io/mono/hack/tools'),
      'hack/tools/main.go': mainGo,
    });
    const read = await readHere(tree.root);
    expect(targets(read)).toEqual([
      'one main x.io/mono/one one',
      'two/api/cmd/b main x.io/mono/two/api/v2/cmd/b two/api',
    ]);
    expect(read).toMatchObject({ moduleMode: 'module', goPackage: 'x.io/mono', source: 'conventions' });
    expect(read.leftOut).toEqual([
      { what: 'the module in hack/tools', why: expect.stringContaining('WHAT=hack/tools') },
    ]);
  });

  test('a module above the tree is used, but its commands do not belong to the tree', async () => {
    using outer = writtenTree({
      'app/go.mod': goMod('x.io/app'),
      'app/main.go': mainGo,
      'tree/go.work': 'go 1.26\nuse (\n\t.\n\t../app\n)\n',
      'tree/go.mod': goMod('m'),
      'tree/cmd/a/main.go': mainGo,
    });
    const read = await readHere(join(outer.root, 'tree'));
    expect(targets(read)).toEqual(['cmd/a main m/cmd/a .']);
    expect(read.leftOut).toMatchObject([{ what: 'the module in ../app' }]);
  });

  test('a workspace', async () => {
    using tree = writtenTree({
      'go.work': 'go 1.25.1\ntoolchain go1.26.2\nuse (\n ./components\n ./tools/gauge\n ./staging/src/x.io/base\n)\n',
      'tools/gauge/go.mod': goMod('x.io/gauge'),
      'tools/gauge/main.go': mainGo,
      'components/go.mod': goMod('x.io/components'),
      'components/cmd/api/main.go': mainGo,
      'staging/src/x.io/base/go.mod': goMod('x.io/base'),
      'staging/src/x.io/base/version/v.go':
        'package version\n\nvar (\n\tgitVersion = "v0"\n\tgitMajor, gitMinor string\n)\n',
      'staging/src/x.io/alone/go.mod': goMod('x.io/alone'),
      'staging/src/x.io/alone/cmd/z/main.go': mainGo,
    });
    const read = await readHere(tree.root);
    expect(targets(read)).toEqual([
      'components/cmd/api main x.io/components/cmd/api .',
      'staging/src/x.io/alone/cmd/z main x.io/alone/cmd/z staging/src/x.io/alone',
    ]);
    expect(read).toMatchObject({
      moduleMode: 'workspace',
      goPackage: 'x.io/components',
      go: { version: '1.26.2', exact: false, from: 'go.work' },
    });
    expect(read.modules.map(({ dir }) => dir)).toEqual([
      'components',
      'tools/gauge',
      'staging/src/x.io/base',
      'staging/src/x.io/alone',
    ]);
    expect(read.stamps.map(({ flag }) => flag)).toEqual(
      ['gitVersion', 'gitMajor', 'gitMinor'].map((name) => `-X 'x.io/base/version.${name}=@${name}@'`),
    );
    expect(read.leftOut?.map(({ what }) => what)).toEqual(['the module in tools/gauge']);
    expect(read.staticNames).toEqual([]);
    expect(Object.values(read.platformEnvironments).every((env) => env['CC'] === undefined)).toBe(true);
    expect(read.sets.client.targets).toEqual(read.allTargets);
  });

  test('requested platforms get compilers, too', async () => {
    using tree = writtenTree({ 'go.mod': goMod('m'), 'main.go': mainGo });
    const read = await readHere(tree.root, { KUBE_BUILD_PLATFORMS: 'linux/s390x plan9/386', KUBE_PLAN9_386_CC: 'pcc' });
    expect(read.platformEnvironments['plan9/386']).toEqual({ CGO_ENABLED: '1', CC: 'pcc' });
    expect(read.platformEnvironments['linux/s390x']).toEqual({});
  });

  test('a tree with a list of static commands needs compilers for the others', async () => {
    using tree = writtenTree({
      'go.mod': goMod('m'),
      'main.go': mainGo,
      'slipway.config.ts': "export default { static: ['m'] };",
    });
    const read = await readHere(tree.root, { KUBE_BUILD_PLATFORMS: 'linux/s390x' });
    expect(read.platformEnvironments['linux/s390x']).toEqual({ CGO_ENABLED: '1', CC: 's390x-linux-gnu-gcc' });
  });
});

describe('cgo', () => {
  const zigCompiler = { CGO_ENABLED: '1', CC: 'zig cc -target x86_64-windows-gnu' };
  const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', CGO_ENABLED: '1' };
  const variables = { KUBE_BUILD_PLATFORMS: 'windows/amd64 darwin/arm64 linux/arm64' };
  const files = { 'go.mod': goMod('m'), 'main.go': mainGo };

  test('is on for the platforms in the configuration', async () => {
    using tree = writtenTree({
      ...files,
      'slipway.config.ts': "export default { cgo: ['windows/amd64', 'linux/s390x'] };",
    });
    const read = await readHere(tree.root, variables);
    expect(read.platformEnvironments['windows/amd64']).toEqual(zigCompiler);
    expect(read.platformEnvironments['linux/arm64']).toEqual({});
  });

  test('is on everywhere with CGO_ENABLED=1, but not for a platform with its own compiler', async () => {
    using tree = writtenTree(files);
    const read = async (more: Environment) =>
      (
        await readTree({
          root: tree.root,
          variables,
          services: treeWorld({ environment: { ...environment, ...more } }),
        })
      ).platformEnvironments;
    expect(await read({})).toMatchObject({
      'windows/amd64': zigCompiler,
      'darwin/arm64': { CGO_ENABLED: '1' },
      'linux/arm64': { CGO_ENABLED: '1', CC: 'aarch64-linux-gnu-gcc' },
    });
    expect(await read({ CC: 'mycc' })).toMatchObject({ 'windows/amd64': {}, 'linux/arm64': {} });
  });
});

describe('stamps of a configuration', () => {
  const files = {
    'go.mod': `${goMod('m')}\nrequire x.io/base v1.0.0\n`,
    'cmd/a/main.go': 'package main\n\nvar flavor = "plain"\n\nfunc main() {}\n',
    'pkg/version/v.go':
      'package version\n\nvar (\n\tVersion = "v0"\n\tgitCommit, date string\n)\n\nfunc f() {\n\tlocal = 1\n}\n',
  };
  const read = async (config: string): Promise<Tree> => {
    using tree = writtenTree({ ...files, 'slipway.config.ts': `export default ${config};` });
    return await readHere(tree.root);
  };

  test('each variable gets the value of its text', async () => {
    const tree = await read(`{ stamps: {
      'pkg/version.Version': '{version}', 'm/pkg/version.gitCommit': '{shortCommit} at {date}', 'main.flavor': 'small', 'x.io/base/v.Go': '{treeState}',
    } }`);
    expect(tree.stamps).toEqual([
      { name: 'gitVersion', flag: "-X 'm/pkg/version.Version=@gitVersion@'" },
      { name: 'gitShortCommit', flag: "-X 'm/pkg/version.gitCommit=@gitShortCommit@ at @buildDate@'" },
      { name: 'text', flag: "-X 'main.flavor=small'" },
      { name: 'gitTreeState', flag: "-X 'x.io/base/v.Go=@gitTreeState@'" },
    ]);
    expect(tree.invocations.cgo.argv).toContain('-ldflags=@STAMPS@ -s -w');
  });

  test.for<[string, RegExp]>([
    [
      "{ stamps: { 'pkg/version.Versoin': '{version}' } }",
      /stamps names m\/pkg\/version\.Versoin, .*did you mean m\/pkg\/version\.Version\?/,
    ],
    ["{ stamps: { 'pkg/version.local': '{version}' } }", /stamps names m\/pkg\/version\.local/],
    ["{ stamps: { 'pkg/vresion.Version': '{version}' } }", /stamps names m\/pkg\/vresion\.Version, .*variable/],
    ["{ stamps: { 'y.io/other.Version': '{version}' } }", /stamps names y\.io\/other\.Version/],
    ["{ stamps: { 'main.flavour': 'x' } }", /stamps names main\.flavour, .*did you mean main\.flavor\?/],
    ["{ stamps: { 'main.flavor': '{versoin}' } }", /stamps names \{versoin\}, .*did you mean \{version\}\?/],
    ["{ stamps: { 'main.flavor': \"it's\" } }", /quotation mark/],
    [
      "{ versionPackages: ['m/pkg/versions'] }",
      /versionPackages names m\/pkg\/versions, .*did you mean m\/pkg\/version\?/,
    ],
    ["{ versionPackages: ['m/cmd/a'] }", /versionPackages names m\/cmd\/a, which has none of the variables buildDate/],
  ])('%s is a mistake that is named', async ([config, message]) => {
    await expect(read(config)).rejects.toThrow(message);
  });
});

describe('names', () => {
  test('a package that Go would take for a file is refused, and slipway builds none with such a name beside it', async () => {
    const module = { 'go.mod': goMod('tool.go'), 'main.go': mainGo };
    using tree = writtenTree(module);
    expect(targets(await readHere(tree.root))).toEqual(['. main tool.go .']);
    tree.write({ 'tool.go': mainGo });
    await expect(readHere(tree.root)).rejects.toThrow(
      'the package tool.go cannot be named to Go, which takes tool.go for the file of that name',
    );
  });

  const described = (tree: Tree): string[] => tree.describeArgs.filter((word) => word.startsWith('--match'));

  test.each<[string, Record<string, string>, Partial<Tree['release'] & object>]>([
    ['go.etcd.example/etcd/v3', { 'main.go': mainGo }, { name: 'etcd' }],
    ['gopkg.example/yaml.v2', { 'main.go': mainGo }, { name: 'yaml' }],
    ['sigs.example/cluster-api', { 'main.go': mainGo }, { name: 'cluster-api' }],
  ])('a release of %s', async (module, files, release) => {
    using tree = writtenTree({ 'go.mod': goMod(module), ...files });
    expect((await readHere(tree.root)).release).toMatchObject(release);
  });

  test("a release of a module whose name is only a version has the repository's name", async () => {
    using tree = writtenTree({ 'mono/go.mod': goMod('v2'), 'mono/main.go': mainGo });
    expect((await readHere(join(tree.root, 'mono'))).release).toMatchObject({ name: 'mono' });
  });

  test("a command has Go's name", async () => {
    using tree = writtenTree({
      'go.mod': goMod('m'),
      ...Object.fromEntries(['x/v2', 'y/v1', 'z/v0', 'w/v10'].map((dir) => [`cmd/${dir}/main.go`, mainGo])),
    });
    expect((await readHere(tree.root)).commands.map(({ name }) => name)).toEqual(['w', 'x', 'v1', 'v0']);
  });

  test('the tags are versions, with the path of the only module with commands', async () => {
    using tree = writtenTree({ 'go.mod': goMod('m'), 'main.go': mainGo });
    expect(described(await readHere(tree.root))).toEqual(['--match=v[0-9]*.[0-9]*.[0-9]*']);
    using apart = writtenTree({ 'api/go.mod': goMod('m/api'), 'api/main.go': mainGo });
    expect(described(await readHere(apart.root))).toEqual(['--match=api/v[0-9]*.[0-9]*.[0-9]*']);
  });
});

describe('the linkage of its commands', () => {
  const files = { 'go.mod': goMod('m'), 'cmd/a/main.go': mainGo };
  const platforms = async (more: Record<string, string>, variables: Environment = {}): Promise<Tree> => {
    using tree = writtenTree({ ...files, ...more });
    return await readHere(tree.root, variables);
  };

  test.each<[Record<string, string>, string | undefined]>([
    [{ Makefile: 'build:\n\tCGO_ENABLED=0 go build ./...\n' }, 'Makefile:2'],
    [{ 'make/00.mk': 'CGO_ENABLED ?= 0\n' }, 'make/00.mk:1'],
    [{ 'scripts/build.sh': '#!/bin/sh\nCGO_ENABLED="${CGO_ENABLED:-0}"\n' }, 'scripts/build.sh:2'],
    [{ 'cmd/a/Dockerfile': 'FROM golang\nENV CGO_ENABLED=0\n' }, 'cmd/a/Dockerfile:2'],
    [{ '.goreleaser.yaml': 'builds:\n- env:\n  - CGO_ENABLED=0\n' }, '.goreleaser.yaml:3'],
    [{ Dockerfile: '# CGO_ENABLED=0 would do, too\n' }, undefined],
    [{ Makefile: 'SHIM_CGO_ENABLED ?= 0\n' }, undefined],
    [{ Makefile: 'a:\n\tCGO_ENABLED=0 go build ./a\nb:\n\tCGO_ENABLED=1 go build ./b\n' }, undefined],
    [{ Makefile: 'a:\n\tCGO_ENABLED=0 go build ./a\nb:\n\tCGO_ENABLED=1 go test -race ./...\n' }, 'Makefile:2'],
    [
      {
        Makefile: 'a:\n\tCGO_ENABLED=0 go build ./a\n',
        'slipway.config.ts': "export default { cgo: ['linux/amd64'] };",
      },
      undefined,
    ],
  ])('%j says cgo is off in %s', async (more, place) => {
    const tree = await platforms(more);
    expect(tree.withoutCgo).toBe(place);
    expect(tree.platformEnvironments['linux/amd64']?.['CGO_ENABLED']).toBe(place === undefined ? undefined : '0');
    if (place !== undefined) expect(tree.platformEnvironments['windows/amd64']).toEqual({ CGO_ENABLED: '0' });
  });

  test('a variable after the target overrides the settings of the tree', async () => {
    const makefile = { Makefile: 'CGO_ENABLED=0\n' };
    expect((await platforms(makefile, { CGO_ENABLED: '1' })).platformEnvironments['linux/amd64']).toEqual({});
  });

  test('is the same for all commands of a release if nothing sets it', async () => {
    expect((await platforms({})).linkedAlike).toBe(true);
    expect((await platforms({}, { CGO_ENABLED: '1' })).linkedAlike).toBeUndefined();
    expect((await platforms({ 'slipway.config.ts': "export default { static: ['a'] };" })).linkedAlike).toBeUndefined();
  });

  test('is static for a program in an image without a base, regardless of other settings', async () => {
    const config = (more: string): string =>
      `export default { sets: { server: { targets: ['cmd/a'] } }, release: { images: ['a']${more} } };`;
    expect((await platforms({ 'slipway.config.ts': config('') })).staticNames).toEqual(['a']);
    expect((await platforms({ 'slipway.config.ts': config(", base: 'oci:base'") })).staticNames).toEqual([]);
  });
});

describe('the required Go version', () => {
  test.each<[Record<string, string>, Record<string, string>, object | undefined]>([
    [{ '.go-version': '1.21.7\n' }, { GO_VERSION: 'go1.22.1' }, { version: '1.22.1', exact: true, from: 'GO_VERSION' }],
    [{ '.go-version': '1.21.7\n' }, {}, { version: '1.21.7', exact: true, from: '.go-version' }],
    [{ '.go-version': '1.21\n' }, {}, { version: '1.21', exact: false, from: '.go-version' }],
    [
      { 'go.mod': 'module m\n\ngo 1.22\n\ntoolchain go1.23.4\n' },
      {},
      { version: '1.23.4', exact: false, from: 'go.mod' },
    ],
    [{}, {}, { version: '1.22', exact: false, from: 'go.mod' }],
    [{ 'go.mod': 'module m\n' }, {}, undefined],
    [
      { 'go.mod': 'module m\n', 'build/build-image/cross/Dockerfile': '# one\nFROM golang:1.12.10\nRUN x\n' },
      {},
      { version: '1.12.10', exact: true, from: 'build/build-image/cross/Dockerfile' },
    ],
  ])('%j %j', async (files, variables, expected) => {
    using tree = writtenTree({ 'go.mod': goMod('m'), 'main.go': mainGo, ...files });
    expect((await readHere(tree.root, variables)).go).toEqual(expected);
  });
});

describe('a configuration', () => {
  const files = {
    'go.mod': goMod('m'),
    'cmd/a/main.go': mainGo,
    'cmd/b/main.go': mainGo,
    'tools/c/main.go': mainGo,
    'test/e2e/e2e_test.go': 'package e2e\n',
    'version/v.go':
      'package version\n\nvar (\n\tgitVersion, gitCommit, gitTreeState string\n\tgitMajor, gitMinor, buildDate string\n)\n',
  };
  const read = async (config: string, more: Record<string, string> = {}): Promise<Tree> => {
    using tree = writtenTree({ ...files, 'slipway.config.ts': `export default ${config};`, ...more });
    return await readHere(tree.root);
  };

  test('without fields equals conventions', async () => {
    const tree = await read('{}');
    expect(tree).toMatchObject({
      source: 'slipway.config.ts',
      allTargets: ['cmd/a', 'cmd/b'],
      staticNames: [],
    });
  });

  test('selects what is built, and other commands keep their names', async () => {
    const tree = await read(`{
      go: '1.26.1', sets: { server: { targets: ['cmd/a', 'sea'], platforms: ['linux/s390x'] }, test: { targets: ['test/e2e/e2e.test'] } },
      static: ['a'], aliases: { sea: 'm/tools/c' }, versionPackages: ['m/version'], coverage: ['m/cmd/a'], clean: ['_tmp'], tags: ['t'],
    }`);
    expect(targets(tree)).toEqual([
      'cmd/a main m/cmd/a .',
      'sea main m/tools/c .',
      'test/e2e/e2e.test test m/test/e2e .',
      'cmd/b main m/cmd/b .',
    ]);
    expect(tree).toMatchObject({
      allTargets: ['cmd/a', 'sea', 'test/e2e/e2e.test'],
      staticNames: ['a'],
      cleanPaths: ['_tmp'],
      coveragePackages: ['m/cmd/a'],
    });
    expect(tree.go).toEqual({ version: '1.26.1', exact: true, from: 'slipway.config.ts' });
    expect(tree.sets.server.platforms).toEqual(['linux/s390x']);
    expect(tree.sets.client.targets).toEqual([]);
    expect(tree.stamps).toHaveLength(6);
    expect(tree.invocations.cgo.argv).toEqual(['install', '-ldflags=@STAMPS@ -s -w', '-tags=t']);
  });

  test('overrides scripts', async () => {
    expect(
      (
        await read('{}', {
          'hack/lib/init.sh': 'exit 1',
          'hack/lib/golang.sh': 'kube::golang::build_binaries() { :; }',
        })
      ).source,
    ).toBe('slipway.config.ts');
  });

  test.for([
    '',
    '.',
    './',
    '/',
    '/tmp/x',
    '..',
    '../x',
    'a/..',
    'a/../../x',
    './.',
    '.git',
    './.git/',
    '.git/hooks',
    '.GIT',
  ])("clean takes paths below the tree, and not '%s'", async (path) => {
    await expect(read(`{ clean: ['_tmp', ${JSON.stringify(path)}] }`)).rejects.toThrow(
      /BAD_CONFIG.*clean(?:\[| names .*(?:not below the tree|git))/,
    );
  });

  test('clean accepts any path below the tree', async () => {
    expect((await read("{ clean: ['a', './b/', '.c', '...', 'a..b/d'] }")).cleanPaths).toEqual([
      'a',
      'b',
      '.c',
      '...',
      'a..b/d',
    ]);
  });

  test('a target has its own name and its own build settings', async () => {
    const tree = await read(
      `{ targets: [
        { path: 'cmd/b', name: 'bee', platforms: ['linux/amd64'], tags: ['x'], static: true, ldflags: '-X main.y=z', env: { GOAMD64: 'v3' } },
        { path: 'tools/c', name: 'sea' },
      ] }`,
    );
    expect(tree.commands.map(({ name, target }) => `${name} ${target}`)).toEqual([
      'a cmd/a',
      'bee cmd/b',
      'sea tools/c',
    ]);
    expect(tree.allTargets).toEqual(['cmd/a', 'cmd/b']);
    expect(tree.commands[1]).toMatchObject({
      renamed: true,
      own: { platforms: ['linux/amd64'], tags: ['x'], ldflags: '-X main.y=z', env: { GOAMD64: 'v3' } },
    });
    expect(tree.staticNames).toEqual(['bee']);
    expect(
      resolveWords({ ...tree, disk: openDisk() }, ['cmd/b', 'bee']).map(({ commands }) => commands[0]?.name),
    ).toEqual(['bee', 'bee']);
  });

  test('an excluded command is built only by name', async () => {
    const tree = await read("{ exclude: ['cmd/b'] }");
    expect(tree.allTargets).toEqual(['cmd/a']);
    expect(tree.sets.client.targets).toEqual(['cmd/a']);
    expect(resolveWords({ ...tree, disk: openDisk() }, ['b'])[0]?.commands[0]?.target).toBe('cmd/b');
    expect((await read("{ exclude: ['cmd'] }")).allTargets).toEqual([]);
  });

  test.for<[string, RegExp]>([
    ["{ targets: [{ path: 'cmd/bb', name: 'x' }] }", /targets names cmd\/bb, .*did you mean cmd\/b\?/],
    ["{ exclude: ['cdm/b'] }", /exclude names cdm\/b, .*did you mean cmd\/b\?/],
    ["{ static: ['nonsense'] }", /static names nonsense, .*there are a, b/],
    ["{ static: ['aa'] }", /static names aa, .*did you mean a\?/],
    [
      "{ release: { images: ['bb'] }, sets: { server: { targets: ['cmd/b'] } } }",
      /release\.images names bb, .*did you mean b\?/,
    ],
    [
      "{ release: { images: [{ name: 'x', binaries: ['bb'] }] }, sets: { server: { targets: ['cmd/b'] } } }",
      /release\.images names bb, .*did you mean b\?/,
    ],
    [
      "{ release: { images: [{ name: 'a', files: { 'etc/x': 'x' } }] } }",
      /has a file at etc\/x, .*begins with a slash/,
    ],
    ["{ release: { archives: [{ binaries: ['aa'] }] } }", /release\.archives names aa, .*did you mean a\?/],
    ["{ release: { archives: [{ name: '{nmae}' }] } }", /release\.archives names \{nmae\}, .*did you mean \{name\}\?/],
    ["{ release: { checksums: 'x' } }", /checksums is there without release\.archives/],
    ["{\n  targets: [],\n  static: ['nonsense'] }", /slipway\.config\.ts:3"?[,:]/],
  ])('%s is a mistake that is named, with its line', async ([config, message]) => {
    await expect(read(config)).rejects.toThrow(message);
  });

  test('an unknown target is an error', async () => {
    await expect(read("{ sets: { client: { targets: ['cmd/a', 'cmd/aa'] } } }")).rejects.toThrow(
      /BAD_CONFIG.*sets.client.targets names cmd\/aa/,
    );
  });
});

describe('a go.work above the tree', () => {
  const files = {
    'tree/go.mod': goMod('m'),
    'tree/cmd/a/main.go': mainGo,
    'go.mod': goMod('m'),
    'cmd/a/main.go': mainGo,
  };

  test("that does not use the tree's module is refused, because Go would build another module with the same path", async () => {
    using outer = writtenTree({ ...files, 'go.work': 'go 1.26\nuse .\n' });
    const root = join(outer.root, 'tree');
    await expect(readHere(root)).rejects.toThrow(/GO_SETTING.*GOWORK=.*does not use the module in/);
    expect(targets(await readHere(root, { GOWORK: 'off' }))).toEqual(['cmd/a main m/cmd/a .']);
  });

  test("that uses the tree's module decides how it is built", async () => {
    using outer = writtenTree({ ...files, 'go.work': 'go 1.26\nuse ./tree\n' });
    expect(await readHere(join(outer.root, 'tree'))).toMatchObject({ moduleMode: 'workspace', goPackage: 'm' });
  });
});

describe('a directory without a tree', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['nothing', {}, /NO_TREE/],
    ['a broken go.mod', { 'go.mod': 'module (' }, /BAD_GO_MOD/],
    ['a workspace without its module', { 'go.work': 'go 1.22\nuse ./gone\n' }, /BAD_GO_MOD.*gone/],
    ['a configuration alone', { 'slipway.config.ts': 'export default {};' }, /BAD_CONFIG.*goPackage/],
    ['a version that is none', { 'go.mod': goMod('m'), '.go-version': 'latest' }, /BAD_VALUE.*\.go-version: latest/],
  ])('%s', async (_what, files, message) => {
    using tree = writtenTree(files);
    await expect(readHere(tree.root)).rejects.toThrow(message);
  });
});
