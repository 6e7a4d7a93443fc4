import {
  type Command,
  placeOf,
  type ExecStep,
  type Facts,
  type GenerateStep,
  type Plan,
  type Profile,
  failureHint,
  goBuildOf,
  inputPaths,
} from '@slipway/model';
import { factsOf, main, platforms, releasedFacts, scriptTree } from '@slipway/testing';
import { describe, expect, test } from 'vitest';
import { formatPlan } from '../format.ts';
import type { Goal } from './goals.ts';
import { planLocal } from './local.ts';

interface Case {
  readonly goals?: readonly Goal[];
  readonly profile?: Profile;
  readonly variables?: Readonly<Record<string, string>>;
  readonly facts?: Facts;
}

const plan = ({ goals = [{ target: 'all' }], profile = 'dev', variables = {}, facts = factsOf() }: Case) =>
  planLocal({ goals, profile, variables }, facts);

function planned(options: Case): Plan {
  const result = plan(options);
  if (!result.ok) throw new Error(result.failures.map((failure) => failure.code).join());
  return result.plan;
}

function failures(options: Case) {
  const result = plan(options);
  return result.ok ? [] : result.failures;
}

/** Two packages of the root, and one of a module in which Go starts separately. */
const testedFacts = (tree = scriptTree()): Facts =>
  factsOf(tree, {
    tests: {
      packages: [
        { importPath: 'k8s.example/mono/pkg/a', dir: 'pkg/a', moduleDir: '.' },
        { importPath: 'k8s.example/mono/pkg/b', dir: 'pkg/b', moduleDir: '.' },
        { importPath: 'other.example/c', dir: 'other/c', moduleDir: 'other' },
      ],
      unknown: [],
      untested: ['pkg/none'],
      environment: { COLOUR: 'green' },
      script: { flags: ['-race', '-timeout=180s'], environment: { KUBE_CACHE_MUTATION_DETECTOR: 'true' } },
    },
  });

const tool = (name: string, importPath: string, moduleDir: string) => ({ ...main(name), name, importPath, moduleDir });

/**
 * Kubernetes 1.14: without modules, with a Go that has no -trimpath, and with files that are generated before the first
 * compilation.
 */
function olderTree(): Facts {
  const tree = scriptTree({ moduleMode: 'gopath', modules: [], makesGenerated: true });
  const vendored = (path: string) => tool(path.replace(/.*\//, ''), `k8s.example/mono/vendor/${path}`, '.');
  const asking = {
    packages: [{ dir: 'staging/src/k8s.io/api/v1', importPath: 'k8s.example/mono/vendor/k8s.io/api/v1' }],
    inputs: ['staging/src/k8s.io/api/v1/types.go'],
  };
  return factsOf(tree, {
    toolchain: { command: '/go/bin/go', goroot: '/go', version: '1.12.17' },
    generation: {
      dialect: 'gengo',
      generators: [
        {
          name: 'deepcopy',
          tool: vendored('k8s.io/code-generator/cmd/deepcopy-gen'),
          ...asking,
          obsolete: ['pkg/old/zz_generated.deepcopy.go'],
        },
        { name: 'openapi', tool: vendored('k8s.io/kube-openapi/cmd/openapi-gen'), ...asking, obsolete: [] },
        {
          name: 'bindata',
          tool: vendored('github.com/jteeuwen/go-bindata/go-bindata'),
          packages: [],
          inputs: [],
          obsolete: [],
        },
      ],
      embeddings: [{ output: 'pkg/bindata.go', args: ['-pkg', 'x', 'data/...'], inputs: ['data/one.txt'] }],
      moduleFiles: [],
    },
  });
}

function moduleTree(): Facts {
  const path = 'k8s.io/code-generator/cmd/deepcopy-gen';
  const packages = ['a', 'b'].map((dir) => ({ dir, importPath: `k8s.example/${dir}` }));
  return factsOf(scriptTree({ moduleMode: 'workspace', generatorsDir: 'hack/generators' }), {
    generation: {
      dialect: 'gengo/v2',
      generators: [
        {
          name: 'deepcopy',
          tool: tool('deepcopy-gen', path, 'hack/generators'),
          packages,
          inputs: ['a/a.go', 'b/b.go'],
          obsolete: [],
        },
      ],
      embeddings: [],
      moduleFiles: ['go.work'],
    },
  });
}

const golden = (name: string): string => `./golden/${name}.txt`;

describe('a platform without some commands', () => {
  const tree = scriptTree();
  const files = (name: string, more: object = {}) => [{ file: name, name: 'main', main: true as const, ...more }];
  const treeWith = (command: Partial<Command>): Facts => {
    const commands = tree.commands.map((each) => (each.name === 'kubectl' ? { ...each, ...command } : each));
    const released = releasedFacts();
    return { ...released, tree: { ...released.tree, commands } };
  };

  test('cross and a release leave them out there with a note, for every kind of tree', () => {
    const facts = treeWith({ files: files('a_linux.go') });
    for (const goals of [[{ target: 'cross' }], [{ target: 'release' }]] as const) {
      const { steps, notes } = planned({ facts, goals });
      const published = steps.filter(({ kind }) => kind === 'copy').flatMap(({ outputs }) => outputs);
      expect(published.filter((path) => path.includes('kubectl'))).toEqual([
        '_output/local/bin/linux/amd64/kubectl',
        '_output/local/bin/linux/arm64/kubectl',
      ]);
      expect(notes).toContainEqual({
        what: 'cmd/kubectl',
        why: 'left out for darwin/arm64, windows/amd64, as build constraints exclude all its files',
      });
    }
    const { steps } = planned({ facts, goals: [{ target: 'release' }] });
    const packed = steps.flatMap((step) =>
      step.kind === 'archive' ? step.entries.flatMap((entry) => ('file' in entry ? [entry.file] : [])) : [],
    );
    expect(packed).toContain('_output/local/bin/linux/arm64/kubectl');
    expect(packed.filter((path) => path.endsWith('kubectl.exe'))).toEqual([]);
  });

  test.each<[object[], string]>([
    [[{ file: 'a.go', name: 'main' }], 'as it has no func main'],
    [
      [
        { file: 'a.go', name: 'main', main: true },
        { file: 'b.go', name: 'lib' },
      ],
      'as its files are of the packages main and lib',
    ],
    [[{ file: 'a.go', name: 'lib' }], 'as it is the library lib there'],
  ])('%j is left out of all', (clauses, why) => {
    const facts = treeWith({ files: clauses as never });
    const { notes, steps } = planned({ facts });
    expect(notes).toContainEqual({ what: 'cmd/kubectl', why: expect.stringContaining(why) });
    expect(steps.flatMap(({ outputs }) => outputs).filter((path) => path.includes('kubectl'))).toEqual([]);
    // For a named command, Go reports the reason.
    expect(planned({ facts, variables: { WHAT: 'cmd/kubectl' } }).steps.length).toBeGreaterThan(1);
  });

  test.each(['all', 'cross', 'release', 'package-tarballs', 'quick-release'] as const)(
    'a plan without steps is a failure of %s',
    (target) => {
      const released = releasedFacts();
      const none = { targets: [], platforms: platforms('linux/amd64') };
      const sets = { server: none, node: none, client: none, test: none, 'test-server': none };
      const release = { ...released.tree.release!, images: [] };
      const facts = { ...released, tree: { ...released.tree, sets, release, commands: [], allTargets: [] } };
      expect(failures({ facts, goals: [{ target }] })).toMatchObject([{ code: 'NO_COMMANDS' }]);
    },
  );
});

test("a release of a tree without link settings is without cgo on all platforms, and `all` follows Go's default", () => {
  const released = releasedFacts();
  const tree = { ...released.tree, staticNames: [], platformEnvironments: {}, linkedAlike: true as const };
  const facts = { ...released, tree };
  const cgo = (goals: readonly Goal[]): (string | undefined)[] => [
    ...new Set(
      planned({ facts, goals }).steps.flatMap((step) =>
        step.kind === 'exec' && step.argv.includes('build') ? [step.env['CGO_ENABLED']] : [],
      ),
    ),
  ];
  expect(cgo([{ target: 'all' }])).toEqual([undefined]);
  expect(cgo([{ target: 'cross' }])).toEqual(['0']);
  expect(cgo([{ target: 'release' }])).toEqual(['0']);
  expect(planned({ facts, goals: [{ target: 'cross' }] }).notes).toContainEqual({
    what: 'cgo',
    why: expect.stringContaining('CGO_ENABLED=1'),
  });
});

test('the heading of a plan has no version if the tree has no variables for it', () => {
  expect(planned({ facts: factsOf(scriptTree({ stamps: [] })) }).gitVersion).toBe('');
  expect(planned({}).gitVersion).toBe('v1.2.3-dev');
});

describe('settings of a single command', () => {
  const own = {
    platforms: platforms('linux/amd64'),
    tags: ['small'],
    ldflags: '-X main.flavor=small',
    env: { GOAMD64: 'v3' },
  };
  const tree = scriptTree();
  const commands = tree.commands.map((command) =>
    command.name === 'kubectl' ? { ...command, name: 'kctl', renamed: true as const, own } : command,
  );
  const released = releasedFacts();
  const invocation = { argv: ['install', '-ldflags=@STAMPS@ -s -w', '-tags=notest'], env: {} };
  const invocations = { static: invocation, cgo: invocation, test: invocation };
  const facts = { ...released, tree: { ...released.tree, commands, invocations } };

  test('the command is built alone, with its own name, tags, linker flags and variables', () => {
    const { steps } = planned({ facts });
    const build = steps.find((step) => step.kind === 'exec' && step.outputs[0]?.endsWith('/kctl')) as ExecStep;
    expect(build.argv).toContain('-tags=notest,small');
    expect(build.argv.find((word) => word.startsWith('-ldflags='))).toMatch(/-s -w -X main\.flavor=small$/);
    expect(build.argv[build.argv.indexOf('-o') + 1]).toMatch(/\/bin\/kctl$/);
    expect(build.env).toMatchObject({ GOAMD64: 'v3' });
    expect(build.actions?.map(({ name }) => name)).toEqual(['kctl']);
    expect(build.outputs).toEqual(['_output/local/go/bin/kctl']);
    expect(steps.flatMap(({ outputs }) => outputs)).toContain('_output/local/bin/linux/amd64/kctl');
  });

  test('the command is built and packaged only for its own platforms', () => {
    const { steps } = planned({ facts, goals: [{ target: 'release' }] });
    const built = steps.flatMap(({ outputs }) => outputs).filter((path) => /\/bin\/.*\/kctl/.test(path));
    expect(built).toEqual(['_output/local/bin/linux/amd64/kctl']);
    const packed = steps.flatMap((step) =>
      step.kind === 'archive' ? step.entries.flatMap((entry) => ('file' in entry ? [entry.file] : [])) : [],
    );
    expect([...new Set(packed.filter((path) => path.includes('kctl')))]).toEqual([
      '_output/local/bin/linux/amd64/kctl',
    ]);
    expect(steps.map(({ id }) => id)).not.toContain('archive:mono-client-windows-amd64.tar.gz');
  });
});

describe('golden plans', () => {
  test.each<[string, Case]>([
    ['all-dev', {}],
    ['all-release', { profile: 'release' }],
    ['all-make', { profile: 'make', variables: { SOURCE_DATE_EPOCH: '1700000000' } }],
    ['cross-dev', { goals: [{ target: 'cross' }] }],
    ['cross-narrowed', { goals: [{ target: 'cross' }], variables: { KUBE_BUILD_PLATFORMS: 'windows/amd64' } }],
    ['cross-fast', { goals: [{ target: 'cross' }], variables: { KUBE_FASTBUILD: 'true' } }],
    [
      'clean-all',
      { goals: [{ target: 'clean' }, { target: 'all' }], variables: { WHAT: 'cmd/kubectl', OUT_DIR: 'out' } },
    ],
    ['commands', { goals: [{ command: 'kubectl' }, { command: 'genutils' }], variables: { GOFLAGS: '-v' } }],
    [
      'coverage',
      {
        variables: { KUBE_BUILD_WITH_COVERAGE: 'y', WHAT: 'cmd/kubelet cmd/kubectl' },
        facts: factsOf(scriptTree({ coveragePackages: ['k8s.example/mono/cmd/kubelet'] })),
      },
    ],
    ['vet', { goals: [{ target: 'vet' }] }],
    ['test', { goals: [{ target: 'test' }], facts: testedFacts(), variables: { KUBE_TEST_ARGS: '-short -args -x' } }],
    [
      'test-integration',
      {
        goals: [{ target: 'test-integration' }],
        variables: { KUBE_TEST_ARGS: '-run=TestA -v', KUBE_RACE: '-race' },
        facts: factsOf(scriptTree({ integration: { packages: ['test/integration'], sets: ['client'] } })),
      },
    ],
    [
      'release',
      {
        goals: [{ target: 'release' }],
        profile: 'release',
        facts: releasedFacts(),
        variables: { KUBE_BUILD_PLATFORMS: 'linux/amd64' },
      },
    ],
    ['quick-release', { goals: [{ target: 'quick-release' }], profile: 'release', facts: releasedFacts() }],
    [
      'release-images',
      {
        goals: [{ target: 'release-images' }],
        profile: 'release',
        facts: releasedFacts(),
        variables: { KUBE_DOCKER_REGISTRY: 'localhost:5000' },
      },
    ],
    [
      'package-tarballs',
      {
        goals: [{ target: 'package-tarballs' }],
        profile: 'release',
        facts: releasedFacts(false),
        variables: { KUBE_BUILD_PLATFORMS: 'windows/amd64 linux/amd64', KUBE_GIT_VERSION: 'v1.2.3+more' },
      },
    ],
    ['generated-gopath', { facts: olderTree(), variables: { WHAT: 'cmd/kubectl' } }],
    ['generated-modules', { goals: [{ target: 'generated_files' }], facts: moduleTree() }],
  ])('%s', async (name, options) => {
    await expect(`${formatPlan(planned(options))}\n`).toMatchFileSnapshot(golden(name));
  });
});

test("a compiler from slipway's own cache is on PATH, and no variable of the key contains its path", () => {
  const CC = 'zig cc -target x86_64-windows-gnu';
  const facts = factsOf(scriptTree({ platformEnvironments: { 'windows/amd64': { CGO_ENABLED: '1', CC } } }), {
    compilers: { [CC]: '/cache/wheels/ziglang-1/ziglang/zig' },
  });
  const { steps } = planned({ facts, variables: { KUBE_BUILD_PLATFORMS: 'windows/amd64', WHAT: 'cmd/kubelet' } });
  const step = steps.find(({ id }) => id === 'go-build:windows/amd64:cgo') as ExecStep;
  expect(step.env).toMatchObject({ CC, PATH: '/usr/bin:/cache/wheels/ziglang-1/ziglang' });
  expect(goBuildOf(step)?.compiler).toBe('/cache/wheels/ziglang-1/ziglang/zig');
  expect(JSON.stringify(step.actions?.map(({ settings }) => settings))).not.toContain('wheels');
});

test('API rule violations are compared with the known list, or replace it', () => {
  const stepOf = (variables: Readonly<Record<string, string>>) =>
    planned({ goals: [{ target: 'generated_files' }], facts: olderTree(), variables }).steps.find(
      ({ id }) => id === 'generate:openapi:pkg/generated/openapi',
    ) as GenerateStep;
  const list = 'api/api-rules/violation_exceptions.list';
  const compared = stepOf({});
  expect(compared.equal).toMatchObject([{ known: list }]);
  expect(compared.outputs).toEqual(['pkg/generated/openapi/zz_generated.openapi.go']);
  expect(inputPaths(compared)).toContain(list);
  const accepted = stepOf({ UPDATE_API_KNOWN_VIOLATIONS: 'true' });
  expect(accepted.equal).toEqual([]);
  expect(accepted.outputs).toContain(list);
  expect(inputPaths(accepted)).not.toContain(list);
});

test('the generators do not depend on the stamp, so that a commit generates nothing again', () => {
  const generatorsOf = (profile: Profile) =>
    planned({ goals: [{ target: 'generated_files' }], facts: olderTree(), profile }).steps.filter((step) =>
      step.id.startsWith('generat'),
    );
  expect(generatorsOf('make')).toEqual(generatorsOf('dev'));
});

test('cross leaves out a set without a requested platform with a note, and does not build it for the host', () => {
  const { steps, notes } = planned({
    goals: [{ target: 'cross' }],
    variables: { KUBE_BUILD_PLATFORMS: 'windows/amd64' },
  });
  expect(steps.every((step) => !step.id.includes('linux'))).toBe(true);
  expect(notes.map((note) => note.what)).toEqual(['set server', 'set test']);
});

test('several goals that build are one plan, with each command once', () => {
  const { steps } = planned({ goals: [{ target: 'all' }, { command: 'kubectl' }] });
  expect(steps.filter((step) => step.kind === 'exec')).toHaveLength(3);
});

test('overrides move a command between static and cgo', () => {
  const ids = (variables: Case['variables']) =>
    planned({ goals: [{ command: 'kubectl' }], variables: variables ?? {} }).steps.map((step) => step.id);
  expect(ids({})).toContain('go-build:linux/amd64:static');
  expect(ids({ KUBE_CGO_OVERRIDES: 'kubelet kubectl' })).toContain('go-build:linux/amd64:cgo');
  expect(ids({ KUBE_CGO_OVERRIDES: 'kubectl', KUBE_STATIC_OVERRIDES: 'kubectl' })).toContain(
    'go-build:linux/amd64:cgo',
  );
});

test('a new stamp changes only linker flags, so that nothing compiles again', () => {
  const flags = (commit: string) => {
    const facts = factsOf();
    const { steps } = planned({ profile: 'release', facts: { ...facts, git: { ...facts.git, commit } } });
    return steps
      .flatMap((step) => (step.kind === 'exec' ? step.argv : []))
      .filter((word) => !word.startsWith('-ldflags='));
  };
  expect(flags('a'.repeat(40))).toEqual(flags('b'.repeat(40)));
});

describe('planning reports all failures at once', () => {
  test('unknown words and platforms, each with the nearest known one', () => {
    expect(
      failures({ variables: { WHAT: 'cmd/kubctl nothing-like-it', KUBE_BUILD_PLATFORMS: 'linux/amd46' } }),
    ).toEqual([
      { code: 'UNKNOWN_WHAT', word: 'cmd/kubctl', nearest: 'cmd/kubectl' },
      { code: 'UNKNOWN_WHAT', word: 'nothing-like-it', nearest: undefined },
      { code: 'UNKNOWN_PLATFORM', word: 'linux/amd46', nearest: 'linux/amd64' },
    ]);
  });

  test('a platform that no set supports, for cross', () => {
    expect(failures({ goals: [{ target: 'cross' }], variables: { KUBE_BUILD_PLATFORMS: 'plan9/386' } })).toMatchObject([
      { code: 'UNKNOWN_PLATFORM', word: 'plan9/386' },
    ]);
  });

  test('two commands with the same name', () => {
    const tree = scriptTree();
    const other = main('staging/tools/kubectl');
    const facts = factsOf({
      ...tree,
      commands: [...tree.commands, other],
      allTargets: [...tree.allTargets, other.target],
    });
    expect(failures({ facts, variables: { WHAT: 'cmd/kubectl staging/tools/kubectl' } })).toMatchObject([
      { code: 'NAME_TAKEN', name: 'kubectl', targets: ['cmd/kubectl', 'staging/tools/kubectl'] },
    ]);
    expect(failures({ facts })).toMatchObject([{ code: 'NAME_TAKEN', name: 'kubectl' }]);
    expect(failureHint(failures({ facts })[0]!)).toContain("targets: [{ path: 'staging/tools/kubectl', name: '");
  });

  test('two commands with the same name, in a set that is built for all its platforms', () => {
    const tree = scriptTree();
    const other = main('staging/tools/kubectl');
    const { client } = tree.sets;
    const sets = { ...tree.sets, client: { ...client, targets: [...client.targets, other.target] } };
    const facts = factsOf({ ...tree, commands: [...tree.commands, other], sets });
    expect(failures({ facts, goals: [{ target: 'cross' }] })).toMatchObject([
      { code: 'NAME_TAKEN', name: 'kubectl', targets: ['cmd/kubectl', 'staging/tools/kubectl'] },
    ]);
    const released = releasedFacts();
    const goals = [{ target: 'package-tarballs' }] as const;
    expect(
      failures({ facts: { ...released, tree: { ...released.tree, sets, commands: facts.tree.commands } }, goals }),
    ).toMatchObject([{ code: 'NAME_TAKEN', name: 'kubectl' }]);
  });

  test('two commands with the same name, on the second platform only', () => {
    const tree = scriptTree();
    const other = main('staging/tools/kubectl');
    const sets = { ...tree.sets, test: { targets: [other.target], platforms: platforms('windows/amd64') } };
    const facts = factsOf({ ...tree, commands: [...tree.commands, other], sets });
    expect(failures({ facts, goals: [{ target: 'cross' }] })).toMatchObject([{ code: 'NAME_TAKEN', name: 'kubectl' }]);
  });

  test('a compiler variable for an unknown platform', () => {
    expect(failures({ variables: { KUBE_LINUX_AMR64_CC: 'gcc' } })).toEqual([
      { code: 'UNKNOWN_VARIABLE', word: 'KUBE_LINUX_AMR64_CC', nearest: 'KUBE_LINUX_ARM64_CC' },
    ]);
  });

  test('a missing package to vet', () => {
    expect(failures({ goals: [{ target: 'vet' }], variables: { WHAT: 'cmd/kubelt ./pkg/...' } })).toEqual([
      { code: 'UNKNOWN_WHAT', word: 'cmd/kubelt', nearest: 'cmd/kubelet' },
    ]);
  });

  test('a missing C compiler, only if something needs it', () => {
    const facts = factsOf(undefined, { compilers: { 'aarch64-linux-gnu-gcc': '' } });
    const variables = { KUBE_BUILD_PLATFORMS: 'linux/arm64' };
    expect(failures({ facts, variables })).toMatchObject([
      {
        code: 'TOOL_MISSING',
        tool: 'aarch64-linux-gnu-gcc',
        hint: 'apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
      },
    ]);
    expect(failures({ facts, variables: { ...variables, WHAT: 'cmd/kubectl' } })).toEqual([]);
  });

  test('a release is refused without git, a commit, or a C compiler', () => {
    const known = factsOf(scriptTree());
    const git = { ...known.git, commit: undefined, describe: undefined } as unknown as Facts['git'];
    const without: Facts = { ...known, hostCompiler: undefined, git };
    const told = (facts: Facts, more: object = {}) => {
      const result = planLocal({ goals: [{ target: 'all' }], profile: 'release', variables: {}, ...more }, facts);
      return result.ok ? [] : result.failures.map((failure) => `${failure.code} ${failureHint(failure)}`);
    };
    const both = [/^UNSUPPORTED_TREE .*--allow-missing$/, /^TOOL_MISSING apt-get install gcc.*--allow-missing$/];
    expect(told(without)).toEqual(both.map((each) => expect.stringMatching(each)));
    expect(told({ ...without, git: { ...without.git, installed: false } })[0]).toMatch(
      /^TOOL_MISSING apt-get install git/,
    );
    expect(told(without, { allowMissing: true })).toEqual([]);
    expect(told(without, { profile: 'dev' })).toEqual([]);
    expect(
      told(without, { variables: { KUBE_GIT_VERSION: 'v1.0.0', KUBE_GIT_COMMIT: 'abc', CGO_ENABLED: '0' } }),
    ).toEqual([]);
  });

  test('cgo for a platform whose SDK may not be distributed, before anything is built', () => {
    const facts = factsOf(scriptTree({ platformEnvironments: { 'darwin/arm64': { CGO_ENABLED: '1' } } }));
    const variables = { KUBE_BUILD_PLATFORMS: 'darwin/arm64' };
    expect(failures({ facts, variables })).toMatchObject([
      { code: 'TOOL_MISSING', tool: 'the macOS SDK', hint: expect.stringContaining('KUBE_DARWIN_ARM64_CC=') },
    ]);
    expect(failures({ facts, variables: { ...variables, WHAT: 'cmd/kubectl' } })).toEqual([]);
  });

  test('generated files of a tree without known generators', () => {
    expect(failures({ goals: [{ target: 'generated_files' }] })).toMatchObject([{ code: 'UNSUPPORTED_TREE' }]);
  });

  test("coverage in the scripts' way", () => {
    expect(failures({ profile: 'make', variables: { KUBE_BUILD_WITH_COVERAGE: 'y' } })).toMatchObject([
      { code: 'UNSUPPORTED_TREE' },
    ]);
  });

  test.each(['release-images', 'load-images', 'push-images'] as const)('%s of a tree without images', (target) => {
    const variables = { KUBE_BUILD_PLATFORMS: 'windows/amd64', KUBE_DOCKER_REGISTRY: 'registry.example' };
    expect(failures({ goals: [{ target }], variables, facts: releasedFacts() })).toMatchObject([
      { code: 'UNSUPPORTED_TREE', fact: 'no selected command has an image' },
    ]);
  });

  test("a test is an action with a result and observed reads, and the tree's script sets its variables", () => {
    const steps = planned({ goals: [{ target: 'test' }], facts: testedFacts() }).steps.filter(
      (step) => step.kind === 'exec',
    );
    expect(
      steps.map(({ actions = [] }) => actions.map(({ words, hasResult, cache }) => [...words, hasResult, cache.is])),
    ).toEqual([
      [
        ['k8s.example/mono/pkg/a', true, 'shared'],
        ['k8s.example/mono/pkg/b', true, 'shared'],
      ],
      [['other.example/c', true, 'shared']],
    ]);
    expect(steps[0]!.actions![0]!.inputs.map(({ kind }) => kind).filter((kind) => kind !== 'named')).toEqual([
      'go-closure',
      'observed',
    ]);
    expect(steps[0]!.argv.slice(1)).toEqual(['test', '-race', '-timeout=180s']);
    expect(steps[0]!.env).toMatchObject({ KUBE_CACHE_MUTATION_DETECTOR: 'true', COLOUR: 'green' });
  });

  test('a test is in quarantine until the end of its day, in a run that does not stop at the first failure', () => {
    const row = (until: string) => ({ package: './pkg/a', test: 'TestA', reason: 'slow', until });
    const quarantine = (until: string, args = '') => {
      const facts = testedFacts();
      const tree = { ...facts.tree, quarantine: [row(until)] };
      const { steps, notes } = planned({
        goals: [{ target: 'test' }],
        facts: { ...facts, tree },
        variables: { KUBE_TEST_ARGS: args },
      } as Case);
      const found = steps.flatMap((step) => (step.kind === 'exec' ? (step.quarantine ?? []) : []));
      return [
        ...found.map((each) => each.package),
        ...notes.filter(({ what }) => /TestA/.test(what)).map(({ why }) => why),
      ];
    };
    // The facts' time is 2027-01-15, 8:00.
    expect(quarantine('2027-01-15')).toEqual(['k8s.example/mono/pkg/a']);
    expect(quarantine('2027-01-14')).toEqual(['its quarantine ended on 2027-01-14: failures count again']);
    expect(quarantine('2027-01-15', '-failfast')).toEqual([]);
  });

  test('a release on this machine runs the tests as `test` does, and packages nothing if they fail', () => {
    const { tests } = testedFacts();
    const { steps } = planned({
      goals: [{ target: 'release' }],
      profile: 'release',
      facts: { ...releasedFacts(), tests },
    });
    expect(steps.filter((step) => step.kind === 'exec' && step.tests !== undefined).map(({ id }) => id)).toEqual([
      'test:.',
      'test:other',
    ]);
    expect(steps.filter(({ kind }) => kind === 'archive').every(({ needs }) => needs.includes('test:.' as never))).toBe(
      true,
    );
    const without = { ...tests!, packages: [] };
    const untested = planned({
      ...{ goals: [{ target: 'release' }], profile: 'release', facts: { ...releasedFacts(), tests: without } },
    } as Case);
    expect(untested.steps.some(({ id }) => id.startsWith('test:'))).toBe(false);
    const skipped = planned({
      ...{ goals: [{ target: 'release' }], profile: 'release', facts: { ...releasedFacts(), tests } },
      variables: { KUBE_RELEASE_RUN_TESTS: 'n' },
    } as Case);
    expect(skipped.steps.some(({ id }) => id.startsWith('test:'))).toBe(false);
  });

  test.each([
    ['-count=1', 'volatile'],
    ['-bench=.', 'volatile'],
    ['-shuffle=on', 'volatile'],
    ['-coverprofile=c.out', 'volatile'],
    ['-coverpkg=./...', 'volatile'],
    ['-run=TestX', 'shared'],
    ['-short', 'shared'],
  ])('tests with %s are %s', (args, is) => {
    const { steps } = planned({
      goals: [{ target: 'test' }],
      facts: testedFacts(),
      variables: { KUBE_TEST_ARGS: args },
    });
    expect(steps.flatMap(({ actions = [] }) => actions).map(({ cache }) => cache.is)).toEqual([is, is, is]);
  });

  test('Go gets the number of packages to test at once, and it is not part of a key', () => {
    const goals = [{ target: 'test' }] as const;
    const [one, other] = [{ PARALLEL: '3' }, {}].map((variables) =>
      planned({ goals, facts: testedFacts(), variables }).steps.find((step) => step.kind === 'exec')!,
    );
    expect(one!.kind === 'exec' && one!.argv.slice(1, 3)).toEqual(['test', '-p=3']);
    expect(one!.actions).toEqual(other!.actions);
  });

  test('with KUBE_COVER the coverage profile of a package is its output', () => {
    const { steps } = planned({
      goals: [{ target: 'test' }],
      facts: testedFacts(),
      variables: { KUBE_COVER: 'y', KUBE_COVERMODE: 'set' },
    });
    const step = steps.find((each) => each.kind === 'exec')!;
    expect(step.kind === 'exec' && step.argv).toEqual(expect.arrayContaining(['-cover', '-covermode=set']));
    expect(step.outputs).toEqual(step.actions!.flatMap(({ outputs }) => outputs));
    expect(step.actions![0]!.outputs).toEqual([
      `_output/local/coverage/packages/${placeOf('k8s.example/mono/pkg/a')}.out`,
    ]);
  });

  test('variables that matter before slipway observes a test are part of its key', () => {
    const facts = testedFacts();
    const environment = { ...facts.environment, GODEBUG: 'x=1', LANG: 'C' };
    const { steps } = planned({ goals: [{ target: 'test' }], facts: { ...facts, environment } });
    const { settings } = steps.flatMap(({ actions = [] }) => actions)[0]!;
    expect(settings).toMatchObject({
      'variable GODEBUG': 'x=1',
      'variable COLOUR': 'green',
      'variable KUBE_CACHE_MUTATION_DETECTOR': 'true',
    });
    expect(settings).not.toHaveProperty('variable LANG');
  });

  test('a package that does not exist or has no tests is a failure', () => {
    const tests = {
      packages: [],
      unknown: [{ word: 'pgk', nearest: 'pkg' }],
      untested: [],
      environment: {},
      script: undefined,
    };
    expect(failures({ goals: [{ target: 'test' }], facts: factsOf(scriptTree(), { tests }) })).toMatchObject([
      { code: 'UNKNOWN_WHAT', word: 'pgk', nearest: 'pkg' },
    ]);
    const none = { ...tests, unknown: [], untested: ['pkg/none'] };
    expect(failures({ goals: [{ target: 'test' }], facts: factsOf(scriptTree(), { tests: none }) })).toMatchObject([
      { code: 'NO_TESTS', untested: ['pkg/none'] },
    ]);
  });

  test('vet runs in the module that contains a directory, with a path of that module', () => {
    const modules = ['.', 'staging/api'].map((dir) => ({ path: `k8s.example/${dir}`, dir }));
    const vet = (WHAT: string) =>
      planned({ goals: [{ target: 'vet' }], variables: { WHAT }, facts: factsOf(scriptTree({ modules })) }).steps;
    for (const word of ['./staging/api/...', '//staging/api/...'])
      expect(vet(word)).toMatchObject([
        { cwd: expect.stringMatching(/staging\/api$/), argv: expect.arrayContaining(['./...']) },
      ]);
    expect(vet('//staging/api/v1/...')).toMatchObject([{ argv: expect.arrayContaining(['./v1/...']) }]);
    expect(vet('//pkg/...')).toMatchObject([{ argv: expect.arrayContaining(['./pkg/...']) }]);
  });

  test('vet gets the GOFLAGS of the command line', () => {
    const { steps } = planned({ goals: [{ target: 'vet' }], variables: { GOFLAGS: '-mod=mod' } });
    expect(steps).toMatchObject([{ kind: 'exec', env: { GOFLAGS: '-mod=mod' } }]);
  });

  test.each([
    [['bin', 'bin/ls', 'local', 'local/share'], undefined, 'without local, bin of somebody else'],
    [['.gitignore'], '!keep\n', 'without .gitignore of somebody else'],
    [['.gitignore', 'local', 'bin'], '*\n', undefined],
    [['local', 'local/.lock'], undefined, undefined],
    [['other'], undefined, undefined],
  ])('an output directory with %j', (entries, ignore, expected) => {
    const facts = factsOf(scriptTree(), { outDir: { entries, ignore } });
    for (const target of ['clean', 'all'] as const) {
      const refusals = failures({ goals: [{ target }], variables: { OUT_DIR: '/usr' }, facts });
      expect(refusals).toMatchObject(
        expected === undefined
          ? []
          : [{ code: 'BAD_VALUE', variable: 'OUT_DIR', expected: expect.stringContaining(expected) }],
      );
    }
  });

  test.each([
    [['go.mod', 'cmd', 'cmd/kubectl'], 'components', 'go.mod is there'],
    [['go.mod', 'cmd', 'cmd/kubectl'], '/elsewhere/components', undefined],
    [['release-tars', 'release-tars/SHA256SUMS'], 'out', undefined],
    [[], 'out', undefined],
  ])('an output directory of the tree that has %j: %s', (entries, OUT_DIR, expected) => {
    const facts = factsOf(scriptTree(), { outDir: { entries, ignore: undefined } });
    expect(failures({ variables: { OUT_DIR }, facts })).toMatchObject(
      expected === undefined
        ? []
        : [{ code: 'BAD_VALUE', variable: 'OUT_DIR', expected: expect.stringContaining(expected) }],
    );
  });

  test.each(['.', '..', '/', '/src/mono/', '/src', 'a/..'])(
    'an output directory that is the tree or contains it: %s',
    (OUT_DIR) => {
      expect(failures({ goals: [{ target: 'clean' }], variables: { OUT_DIR } })).toMatchObject([
        { code: 'BAD_VALUE', variable: 'OUT_DIR' },
      ]);
    },
  );

  test('a tag that is not a version', () => {
    const facts = factsOf();
    expect(
      failures({ profile: 'release', facts: { ...facts, git: { ...facts.git, describe: 'nightly' } } }),
    ).toMatchObject([{ code: 'BAD_VERSION' }]);
  });
});
