import type { Tree } from '@slipway/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readHere, treeWorld } from '../fixtures/worlds.ts';
import { mainGo, writtenTree } from '../fixtures/written-tree.ts';
import { formatConfig } from '../format-config.ts';
import { readTree } from '../read-tree.ts';

const versionGo = 'package version\n\nvar (\n\tNumber = "0"\n\tCommit string\n\tBranch string\n\tBuilder string\n)\n';
const base = {
  'go.mod': 'module shaped.example/mono\n\ngo 1.22\n',
  LICENSE: 'text',
  'pkg/version/version.go': versionGo,
  'cmd/agent/main.go': mainGo,
  'cmd/monoctl/main.go': mainGo,
};
const stampPath = 'shaped.example/mono/pkg/version';

const goreleaser = `version: 2
project_name: mono
env: [A=b]
.common: &common
  env: [CGO_ENABLED=0, "HOOK={{ .Env.HOOK }}"]
  goos: [linux, darwin]
  goarch: [amd64, arm64]
  ignore:
    - goos: darwin
      goarch: amd64
builds:
  - id: ctl
    <<: *common
    main: ./cmd/monoctl
    binary: bin/kubectl-mono
    tags: [netgo]
    ldflags:
      - -s -w -X ${stampPath}.Number={{ .Version }} -X "${stampPath}.Commit={{.FullCommit}}"
      - -X ${stampPath}.Builder={{ .Env.USER }} -X ${stampPath}.Missing={{ .Tag }}
  - id: broken
    main: ./cmd/absent
archives:
  - ids: [ctl]
    name_template: '{{ .Binary }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}'
    formats: [tar.gz]
    format_overrides:
      - goos: windows
        formats: [zip]
    files: [LICENSE*, none*]
    wrap_in_directory: true
checksum:
  name_template: sums.txt
dockers:
  - image_templates: ['registry.example/mono:{{ .Tag }}']
`;

const promu = `go:
    cgo: false
repository:
    path: shaped.example/mono
build:
    binaries:
        - name: mono-agent
          path: ./cmd/agent
        - name: monoctl
          path: ./cmd/monoctl
    tags:
        all: [netgo]
        windows: [other]
    ldflags: |
        -X ${stampPath}.Number={{.Version}}
        -X ${stampPath}.Branch={{.Branch}}
        -X ${stampPath}.Builder={{user}}@{{host}}
tarball:
    files: [LICENSE]
crossbuild:
    platforms: [linux/amd64, linux/arm64]
`;

const ko = `defaultBaseImage: registry.example/base
builds:
  - id: agent
    dir: .
    main: ./cmd/agent
    env: [GOAMD64=v2]
    flags: [-tags=one]
    ldflags: ["-X ${stampPath}.Branch={{.Git.Branch}}"]
`;

function shaped(files: Readonly<Record<string, string>>) {
  const tree = writtenTree({ ...base, ...files });
  onTestFinished(() => tree[Symbol.dispose]());
  return tree;
}
const read = (files: Readonly<Record<string, string>>): Promise<Tree> => readHere(shaped(files).root);
const commands = (tree: Tree): unknown[] =>
  tree.allTargets.map((target) => {
    const { name, own = {} } = tree.commands.find((command) => command.target === target)!;
    return [target, name, own];
  });
const stamps = (tree: Tree): string[] => tree.stamps.map(({ flag }) => flag.replace(`-X '${stampPath}.`, ''));
const notes = (tree: Tree): string[] => (tree.leftOut ?? []).map(({ what, why }) => `${what}: ${why}`);
const usual = ['darwin/amd64', 'darwin/arm64', 'linux/amd64', 'linux/arm64', 'windows/amd64'];

describe('.goreleaser.yaml', () => {
  test('gives names, tags, platforms and linkage of the commands it names, and the others stay', async () => {
    const tree = await read({ '.goreleaser.yaml': goreleaser });
    expect(commands(tree)).toEqual([
      ['cmd/monoctl', 'kubectl-mono', { tags: ['netgo'], platforms: ['linux/amd64', 'linux/arm64', 'darwin/arm64'] }],
      ['cmd/agent', 'agent', { platforms: usual }],
    ]);
    expect(tree.staticNames).toEqual(['kubectl-mono']);
  });

  test('stamps what its templates say, and neither what only it knows nor what is no variable', async () => {
    const tree = await read({ '.goreleaser.yaml': goreleaser });
    expect(stamps(tree)).toEqual(["Number=@gitNumber@'", "Commit=@gitCommit@'"]);
  });

  test('without linker flags it stamps main.version only where there is such a variable', async () => {
    const text = 'project_name: mono\nbuilds:\n  - main: ./cmd/agent\n';
    expect((await read({ '.goreleaser.yaml': text })).stamps).toEqual([]);
    const main = `${mainGo}\nvar version = "dev"\n`;
    const tree = await read({ '.goreleaser.yaml': text, 'cmd/agent/main.go': main });
    expect(tree.stamps.map(({ flag }) => flag)).toEqual(["-X 'main.version=@gitNumber@'"]);
    expect(commands(tree)[0]).toEqual(expect.arrayContaining(['cmd/agent', 'mono']));
  });

  test('says what archives hold and how they are called', async () => {
    const { release } = await read({ '.goreleaser.yaml': goreleaser });
    expect(release).toMatchObject({
      name: 'mono',
      checksums: 'sums.txt',
      archives: [
        {
          ...{ name: '{command}_{number}_{os}_{arch}', per: 'command', binaries: ['kubectl-mono'], format: 'tar.gz' },
          ...{ formats: { windows: 'zip' }, directory: '{command}_{number}_{os}_{arch}', files: ['LICENSE'] },
        },
      ],
    });
  });

  test('has one note for all that is not used, with its lines', async () => {
    const tree = await read({ '.goreleaser.yaml': goreleaser });
    const [note, ...more] = notes(tree).filter((text) => text.startsWith('.goreleaser.yaml'));
    expect(more).toEqual([]);
    for (const place of [
      'env (.goreleaser.yaml:3)',
      'builds[].env HOOK={{ .Env.HOOK }} (.goreleaser.yaml:12)',
      `builds[].ldflags -X ${stampPath}.Builder={{ .Env.USER }} (.goreleaser.yaml:17)`,
      'builds[].main ./cmd/absent (.goreleaser.yaml:21)',
      'dockers (.goreleaser.yaml:33)',
    ])
      expect(note).toContain(place);
  });

  test('comes before the Makefile, which still says what it does not say', async () => {
    const Makefile =
      'all:\n\tCGO_ENABLED=0 go build -tags two -o bin/m ./cmd/monoctl\n\tgo build -tags two -o bin/a ./cmd/agent\n';
    const tree = await read({ '.goreleaser.yaml': goreleaser, Makefile });
    expect(commands(tree)).toEqual([
      ['cmd/monoctl', 'kubectl-mono', { tags: ['netgo'], platforms: ['linux/amd64', 'linux/arm64', 'darwin/arm64'] }],
      ['cmd/agent', 'a', { platforms: usual }],
    ]);
    expect(tree.invocations.static.argv).toContain('-tags=two');
  });

  test('comes after slipway.config.ts, and is not read where that has sets', async () => {
    const config = "{ targets: [{ path: 'cmd/monoctl', name: 'x' }], release: { name: 'other' } }";
    const tree = await read({ '.goreleaser.yaml': goreleaser, 'slipway.config.ts': `export default ${config};\n` });
    expect(commands(tree)[0]).toEqual(expect.arrayContaining(['cmd/monoctl', 'x']));
    expect(tree.release).toMatchObject({ name: 'other', archives: [{ binaries: ['x'] }] });
    const sets = "{ sets: { client: { targets: ['cmd/agent'] } } }";
    const other = await read({ '.goreleaser.yaml': goreleaser, 'slipway.config.ts': `export default ${sets};\n` });
    expect(other.told).toBeUndefined();
  });

  test('that is no YAML is a note', async () => {
    const tree = await read({ '.goreleaser.yaml': 'builds: [\n' });
    expect(notes(tree)).toContainEqual(expect.stringMatching(/^\.goreleaser\.yaml: not used: /));
    expect(tree.allTargets).toEqual(['cmd/agent', 'cmd/monoctl']);
  });

  test('is not read with --no-config, and not where the user does not trust the tree', async () => {
    const { root } = shaped({ '.goreleaser.yaml': goreleaser });
    const allow = (): never => {
      throw new Error('not trusted');
    };
    const code = { conventionsOnly: true, allow, allowGit() {} };
    const ask = (conventionsOnly: boolean): Promise<Tree> =>
      readTree({ root, variables: {}, services: treeWorld({ code: { ...code, conventionsOnly } }) });
    expect((await ask(true)).told).toBeUndefined();
    await expect(ask(false)).rejects.toThrow('not trusted');
  });

  test('stands in what init writes', async () => {
    const text = formatConfig(await read({ '.goreleaser.yaml': goreleaser }));
    expect(text).toContain('// .goreleaser.yaml says how the tree is built and shipped: commands cmd/monoctl; stamps');
    expect(text).not.toMatch(/^ {2}sets:/m);
  });
});

describe('.promu.yml', () => {
  test('gives names, tags, platforms, stamps and the tarball', async () => {
    const tree = await read({ '.promu.yml': promu, VERSION: '2.5.0\n' });
    expect(commands(tree)).toEqual([
      ['cmd/agent', 'mono-agent', { platforms: ['linux/amd64', 'linux/arm64'] }],
      ['cmd/monoctl', 'monoctl', { platforms: ['linux/amd64', 'linux/arm64'] }],
    ]);
    expect(tree).toMatchObject({ staticNames: ['mono-agent', 'monoctl'] });
    expect(tree.invocations.static.argv).toContain('-tags=netgo');
    expect(stamps(tree)).toEqual(["Number=2.5.0'", "Branch=@gitBranch@'"]);
    expect(tree.release).toMatchObject({
      archives: [{ name: '{name}-{number}.{os}-{arch}', directory: '{name}-{number}.{os}-{arch}', files: ['LICENSE'] }],
    });
  });

  test('has a note for a tag of one system and for who builds', async () => {
    const [note] = notes(await read({ '.promu.yml': promu })).filter((text) => text.startsWith('.promu.yml'));
    expect(note).toContain('build.tags.windows (.promu.yml:13)');
    expect(note).toContain('{{user}}@{{host}} (.promu.yml:14)');
  });
});

test('.ko.yaml says how commands are built, and its base images are named as not used', async () => {
  const tree = await read({ '.ko.yaml': ko });
  expect(commands(tree)).toContainEqual(['cmd/agent', 'agent', { tags: ['one'], env: { GOAMD64: 'v2' } }]);
  expect(tree.staticNames).toEqual(['agent']);
  expect(stamps(tree)).toEqual(["Branch=@gitBranch@'"]);
  expect(notes(tree)).toContainEqual('.ko.yaml: slipway does not use defaultBaseImage (.ko.yaml:1)');
});
