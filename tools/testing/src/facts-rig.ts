import {
  type Command,
  type Facts,
  type ImageSettings,
  NOBODY,
  type Platform,
  type Tree,
  CWD,
  STAMPS,
} from '@slipway/model';

export const platform = (text: string): Platform => text as Platform;
export const platforms = (...texts: string[]): Platform[] => texts.map(platform);

/** A command of a Kubernetes-shaped tree: `main('cmd/kubectl')`. */
export const main = (target: string, more: Partial<Command> = {}): Command => ({
  name: target.slice(target.lastIndexOf('/') + 1),
  target,
  importPath: `k8s.example/mono/${target}`,
  kind: 'main',
  moduleDir: '.',
  ...more,
});

const stampPackage = 'k8s.example/component-base/version';
const names = ['buildDate', 'gitCommit', 'gitTreeState', 'gitVersion', 'gitMajor', 'gitMinor'] as const;

/** A tree with scripts, as Kubernetes has them: fake GOPATH, per-tool -trimpath, one test binary, a library in cmd/. */
export function scriptTree(more: Partial<Tree> = {}): Tree {
  const commands = [
    main('cmd/kube-apiserver'),
    main('cmd/kubelet'),
    main('cmd/kubectl'),
    main('cmd/genutils', { kind: 'library' }),
    { ...main('test/e2e/e2e.test'), importPath: 'k8s.example/mono/test/e2e', kind: 'test' as const },
    { ...main('tester'), importPath: 'tester.example/tester/v2/tester' },
  ];
  const flags = [
    `-gcflags=all=-trimpath=${CWD} `,
    `-asmflags=all=-trimpath=${CWD}`,
    `-ldflags=all=${STAMPS}  -s -w`,
    '-tags=notest,',
  ];
  const linux = platforms('linux/amd64', 'linux/arm64');
  return {
    root: '/src/mono',
    source: 'hack/lib/golang.sh',
    goPackage: 'k8s.example/mono',
    moduleMode: 'module',
    modules: [{ path: 'k8s.example/mono', dir: '.' }],
    workFile: undefined,
    vendored: true,
    vendorByDefault: true,
    go: { version: '1.21.7', exact: true, from: '.go-version' },
    sets: {
      server: { targets: ['cmd/kube-apiserver', 'cmd/kubelet'], platforms: linux },
      node: { targets: ['cmd/kubelet'], platforms: [...linux, platform('windows/amd64')] },
      client: { targets: ['cmd/kubectl'], platforms: [...linux, platform('darwin/arm64'), platform('windows/amd64')] },
      test: { targets: ['test/e2e/e2e.test', 'tester'], platforms: linux },
      'test-server': { targets: [], platforms: linux },
    },
    commands,
    allTargets: ['cmd/kube-apiserver', 'cmd/kubelet', 'cmd/kubectl', 'test/e2e/e2e.test', 'tester'],
    aliases: { tester: 'tester.example/tester/v2/tester' },
    staticNames: ['kube-apiserver', 'kubectl'],
    coveragePackages: [],
    invocations: {
      static: {
        argv: ['install', '-installsuffix=static', ...flags],
        env: { GO111MODULE: 'on', GOPROXY: 'off', CGO_ENABLED: '0' },
      },
      cgo: { argv: ['install', ...flags], env: { GO111MODULE: 'on', GOPROXY: 'off' } },
      test: { argv: ['test', '-c', ...flags], env: { GO111MODULE: 'off' } },
    },
    platformEnvironments: { 'linux/arm64': { CGO_ENABLED: '1', CC: 'aarch64-linux-gnu-gcc' } },
    fakeGopath: true,
    stamps: names.map((name) => ({ name, flag: `-X '${stampPackage}.${name}=@${name}@'` })),
    describeArgs: ['--tags', '--match=v*', '--abbrev=14'],
    archive: undefined,
    integration: { packages: ['test/integration'], sets: [] },
    release: undefined,
    generatorsDir: undefined,
    makesGenerated: false,
    cleanPaths: ['_tmp'],
    ...more,
  };
}

/** Facts of a two-core linux/amd64 machine, one commit after v1.2.3, with every compiler there. */
export function factsOf(tree: Tree = scriptTree(), more: Partial<Facts> = {}): Facts {
  return {
    tree,
    git: {
      commit: '0123456789abcdef0123456789abcdef01234567',
      commitTime: 1_700_000_000,
      clean: true,
      describe: 'v1.2.3-1-g0123456789abcd',
      nearestTag: 'v1.2.3',
      shallow: false,
    },
    machine: { platform: platform('linux/amd64'), cores: 2, availableMemory: 16 * 2 ** 30, now: 1_800_000_000 },
    toolchain: { command: '/go/bin/go', goroot: '/go', version: '1.21.7' },
    goPlatforms: platforms('darwin/arm64', 'linux/amd64', 'linux/arm64', 'windows/amd64', 'plan9/386'),
    environment: { PATH: '/usr/bin', HOME: '/home/dev' },
    words: tree.commands.flatMap((command) => [
      { word: command.target, commands: [command] },
      { word: command.name, commands: [command] },
    ]),
    compilers: { 'aarch64-linux-gnu-gcc': '/usr/bin/aarch64-linux-gnu-gcc' },
    hostCompiler: '/usr/bin/gcc',
    hostCxxCompiler: undefined,
    goScratch: '/caches/slipway/tmp',
    versionFile: undefined,
    generation: undefined,
    outDir: undefined,
    shipping: undefined,
    tests: undefined,
    ...more,
  };
}

/** An image of one binary, with the defaults of a configuration that names nothing else. */
export const imageOf = (name: string): ImageSettings => ({
  ...{ name, binaries: [name], files: {}, entrypoint: [`/usr/local/bin/${name}`], user: NOBODY, labels: {} },
  base: 'scratch',
});

/** Facts of a tree whose settings name what it ships. */
export function releasedFacts(clean = true): Facts {
  const release = {
    ...{ name: 'mono', registry: 'registry.example', images: [imageOf('kube-apiserver')] },
    ...{ licenses: ['LICENSE'], manifests: ['manifests'], portable: [], files: [] },
  };
  const facts = factsOf(scriptTree({ release }));
  const file = (path: string, executable = false) => ({ path, executable });
  return {
    ...facts,
    git: { ...facts.git, clean },
    shipping: {
      scripted: undefined,
      leftOut: [],
      compressor: 'gzip level 6',
      files: {
        LICENSE: [file('LICENSE')],
        manifests: [{ path: 'manifests', directory: true }, file('manifests/a.yaml'), file('manifests/start.sh', true)],
      },
      source: [file('LICENSE'), { path: 'vendor/x', link: '../staging/x' }],
    },
  };
}
