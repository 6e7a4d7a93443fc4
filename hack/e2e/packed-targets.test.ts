import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Target, targets } from '@slipway/catalog';
import { archOf } from '@slipway/model';
import {
  type Ended,
  type RegistryServer,
  Repo,
  engine,
  goCommand,
  hostPlatform,
  repo,
  smallestImage,
  startBazelRemote,
  startProcess,
  startRegistry,
} from '@slipway/testing/rigs';
import { whyNoEngine } from '@slipway/testing';
import { InstalledPackage } from '../lib/installed-package.ts';

/** One call of a target, by the package. */
interface Call {
  readonly words: (world: World) => readonly string[];
  /** The expected output. */
  readonly says: string | RegExp;
  /** The tree of the call; by default a configured one. */
  readonly in?: 'plain' | 'workshop';
  /** Words before the command that start it as a user does. */
  readonly through?: (world: World) => { readonly argv: readonly string[]; readonly env: Record<string, string> };
}

interface World {
  readonly package: InstalledPackage;
  /** Releases are made, run and loaded here. */
  readonly tree: Repo;
  /** Without a configuration. */
  readonly plain: Repo;
  /** With templates of components, and a generator. */
  readonly workshop: Repo;
  /** A published set, and the private key it is signed with. */
  readonly set: string;
  readonly key: string;
  /** Two copies of one set. */
  readonly twins: readonly [string, string];
  readonly registry: RegistryServer | { readonly why: string };
}

const LOADED = `packed-${process.pid}`;
const HERE = '--without-docker';
const LINUX = 'KUBE_BUILD_PLATFORMS=linux/amd64';

/** Runs `$0 watch version` until it has answered once. It watches its own tree, so the output goes elsewhere. */
const INTERRUPTED_WHEN_DONE = `"$0" watch version >../watched 2>&1 &
while kill -0 $! && ! grep -q '^slipway [0-9]' ../watched; do sleep 0.1; done
kill -INT $!
wait $!; ended=$?
cat ../watched
exit $ended`;

/** Output of a target that builds. */
const DONE = /^done in /m;

/** Keyed by the table of targets, so that a new target without a call does not compile. */
const calls: Readonly<Record<(typeof targets)[number]['name'], Call>> = {
  all: { words: () => ['all'], says: DONE },
  build: { words: () => ['build', '//programs/...'], says: DONE },
  'bazel-build': { words: () => ['bazel-build'], says: DONE },
  cross: { words: () => ['cross', LINUX], says: DONE },
  release: { words: () => ['release', HERE, LINUX], says: DONE },
  'bazel-release': { words: () => ['bazel-release', LINUX], says: DONE },
  'release-skip-tests': { words: () => ['release-skip-tests', HERE, LINUX], says: DONE },
  'quick-release': { words: () => ['quick-release', HERE], says: DONE },
  'release-verify': { words: ({ set, key }) => ['release', 'verify', set, `${key}.pub`], says: 'signature' },
  'release-sign': { words: ({ set, key }) => ['release', 'sign', set, key], says: 'provenance.sigstore.json' },
  'release-publish': {
    words: ({ set }) => ['release', 'publish', set, `${set}-shelf`, 'v1.2.3'],
    says: 'is published',
  },
  'release-audit': { words: () => ['release', 'audit', 'quick-release', HERE], says: 'whole and described' },
  'release-notes': { words: () => ['release', 'notes', 'v1.2.3', 'v1.3.0'], says: 'second' },
  'release-reproduce': { words: ({ set }) => ['release', 'reproduce', set], says: /identical/ },
  'release-images': { words: () => ['release-images', HERE, LINUX], says: DONE },
  'quick-release-images': { words: () => ['quick-release-images', HERE], says: DONE },
  'push-images': {
    words: ({ registry }) => [
      'push-images',
      LINUX,
      `KUBE_DOCKER_REGISTRY=${'host' in registry ? registry.host : ''}/x`,
    ],
    says: DONE,
  },
  'load-images': { words: () => ['load-images', `KUBE_DOCKER_IMAGE_TAG=${LOADED}`], says: DONE },
  'package-tarballs': { words: () => ['package-tarballs', HERE, LINUX], says: DONE },
  generated_files: { words: () => ['generated_files', '--explain'], says: /ran +generate deepcopy/, in: 'workshop' },
  vet: { words: () => ['vet'], says: DONE },
  test: { words: () => ['test', './cmd/a'], says: DONE, in: 'plain' },
  check: { words: () => ['check', './cmd/a'], says: DONE, in: 'plain' },
  'bazel-test': { words: () => ['bazel-test', '//cmd/...'], says: DONE, in: 'plain' },
  stats: { words: () => ['stats'], says: /[1-9]\d* runs?  |no run of this tree/ },
  'test-history': { words: () => ['test', 'history', './build/none'], says: 'no run of the tests' },
  'test-integration': { words: () => ['test-integration', 'WHAT=./build/...'], says: /./ },
  clean: { words: () => ['clean'], says: DONE },
  run: { words: () => ['run', '--', 'go', 'version'], says: 'go version go' },
  shell: { words: () => ['shell', '--', '-c', 'echo in a shell'], says: 'in a shell' },
  'copy-output': { words: () => ['copy-output'], says: DONE },
  'make-build-image': { words: () => ['make-build-image', '--from-packages'], says: DONE },
  'make-clean': { words: () => ['make-clean'], says: DONE },
  'cross-in-a-container': { words: () => ['cross-in-a-container', '--from-packages', LINUX], says: DONE },
  'release-in-a-container': { words: () => ['release-in-a-container', '--from-packages', LINUX], says: DONE },
  help: { words: () => ['help'], says: 'quick-release' },
  verify: { words: () => ['verify', 'WHAT=docs'], says: DONE, in: 'workshop' },
  'quick-verify': { words: () => ['quick-verify', 'WHAT=docs'], says: DONE, in: 'workshop' },
  update: { words: () => ['update', 'WHAT=docs'], says: DONE, in: 'workshop' },
  'verify-imports': { words: () => ['verify-imports'], says: /./ },
  version: { words: () => ['version'], says: 'v1.3.0' },
  watch: {
    words: () => [],
    says: /^slipway \d/m,
    through: ({ package: { command } }) => ({
      argv: ['sh', '-c', INTERRUPTED_WHEN_DONE, command],
      env: {},
    }),
  },
  doctor: { words: () => ['doctor'], says: 'known from slipway.config.ts' },
  trust: { words: () => ['trust'], says: /trusted \d+ files of/ },
  init: { words: () => ['init'], says: 'slipway.config.ts', in: 'plain' },
  new: { words: () => ['new', 'component', 'kube-new'], says: 'components/cmd/kube-new', in: 'workshop' },
  completion: { words: () => ['completion', 'bash'], says: 'complete' },
  why: { words: () => ['why', 'build/info'], says: 'keeper' },
  query: { words: () => ['query', 'deps(//programs/keeper)'], says: '//build/info' },
  'update-bazel': { words: () => ['update-bazel'], says: 'BUILD' },
  affected: { words: () => ['affected', '--base', 'v1.2.3'], says: 'keeper' },
  graph: { words: () => ['graph', 'check'], says: /./ },
  cache: { words: () => ['cache', 'verify'], says: /./ },
  remote: {
    words: () => ['remote', 'check', 'grpc://127.0.0.1:1'],
    says: 'no cluster answers',
    through: ({ package: { command } }) => ({
      argv: ['sh', '-c', `! '${command}' remote check grpc://127.0.0.1:1`],
      env: {},
    }),
  },
  gocacheprog: {
    words: () => ['gocacheprog'],
    says: 'built with it',
    through: ({ package: { command } }) => ({
      argv: ['sh', '-c', `'${goCommand()}' build -a -o /dev/null ./pkg/version && echo built with it`],
      env: { GOCACHEPROG: `${command} gocacheprog` },
    }),
    in: 'plain',
  },
  'nx-cache': {
    words: () => ['nx-cache', '--', 'sh', '-c', 'echo $NX_SELF_HOSTED_REMOTE_CACHE_SERVER'],
    says: 'http://',
  },
  compare: {
    words: ({ twins }) => ['compare', ...twins],
    says: 'identical',
  },
};

const passingTest = 'package main\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) {}\n';

const workshopFiles = {
  'hack/verify-docs.sh': 'grep -q generators slipway.config.ts\n',
  'hack/update-docs.sh': 'echo text >README.md\n',
  'slipway.config.ts': 'const components = [\n];\nexport default { goPackage: "a.example/b", generators: "gen" };\n',
  'go.mod': 'module a.example/b\n\ngo 1.24\n',
  'components/_templates/cmd/__name__/main.go': 'package main\n\nfunc main() {}\n',
  'api/doc.go': '// +k8s:deepcopy-gen=package\n\npackage api\n',
  'gen/go.mod':
    'module gen\n\ngo 1.24\n\ntool k8s.io/code-generator/cmd/deepcopy-gen\n\nrequire k8s.io/code-generator v0.0.0\n\nreplace k8s.io/code-generator => ./code-generator\n',
  'gen/code-generator/go.mod': 'module k8s.io/code-generator\n\ngo 1.24\n',
  // Stands in for Kubernetes' generator, with the same call.
  'gen/code-generator/cmd/deepcopy-gen/main.go': `package main

import (
	"os"
	"os/exec"
	"strings"
)

func main() {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", os.Args[3]).Output()
	if err == nil {
		err = os.WriteFile(strings.TrimSpace(string(dir))+"/"+os.Args[2], []byte("package api\\n"), 0o644)
	}
	if err != nil {
		panic(err)
	}
}
`,
};

const noEngine = await whyNoEngine();

/** Targets that need an engine; the others are called without one. */
const wantsEngine = ({ name, kind }: Target): boolean => kind === 'containerized' || name === 'load-images';

describe('the package and the source do the same', () => {
  let world: World;

  beforeAll(async () => {
    const tree = repo('configured').write({ 'build/build-image/packages.txt': smallestImage }).commit('image');
    tree.write({ 'build/info/second.go': 'package info\n' }).commit('second', 'v1.3.0');
    const workshop = new Repo('empty').write(workshopFiles);
    world = {
      package: await InstalledPackage.make(),
      registry: await startRegistry(),
      ...{ tree, workshop: workshop.init(), plain: repo('plain').write({ 'cmd/a/a_test.go': passingTest }) },
      ...{ set: tree.path('../published'), key: tree.path('../publisher.pem') },
      twins: [tree.path('../first'), tree.path('../second')],
    };
    await done(call(world, calls['quick-release']));
    cpSync(tree.path('_output/release-tars'), world.set, { recursive: true });
    await done(call(world, calls['release-sign']));
    for (const twin of world.twins) cpSync(world.set, twin, { recursive: true });
  });

  afterAll(async () => {
    const { tree, workshop, plain, registry } = world;
    if (noEngine === undefined) {
      await call(world, calls['make-clean']);
      const image = `registry.example/gated/keeper-${archOf(hostPlatform())}`;
      for (const tag of [LOADED, 'v1.3.0']) await engine('DELETE', `/images/${image}:${tag}?force=true`);
    }
    for (const each of [tree, workshop, plain]) await each[Symbol.asyncDispose]();
    if ('host' in registry) await registry[Symbol.asyncDispose]();
    world.package[Symbol.dispose]();
  });

  test.for(targets.map((target) => [target.name, target] as const))('%s', async ([name, target], { skip }) => {
    if (wantsEngine(target)) skip(noEngine !== undefined, noEngine);
    if (name === 'push-images' && 'why' in world.registry) skip(world.registry.why);
    const ended = await call(world, calls[name]);
    expect(ended).toMatchObject({ exit: 0 });
    expect(ended.stdout + ended.stderr).toMatch(calls[name].says);
  });

  test('a second machine restores from a cache server what the first one built', async () => {
    await using server = await startBazelRemote();
    const built = async (machine: string): Promise<Ended> => {
      const { dir, env } = world.plain;
      const there = { SLIPWAY_REMOTE_CACHE: server.url, XDG_CACHE_HOME: world.plain.path('..', machine) };
      rmSync(world.plain.path('_output'), { recursive: true, force: true });
      return startProcess(world.package.command, ['all'], { cwd: dir, env: { ...env, ...there } }).ended;
    };
    expect((await built('first')).stdout).toMatch(/^done in .*: \d+ ran/m);
    expect((await built('second')).stdout).toMatch(/^done in .* restored/m);
  });
});

function call(world: World, { words, in: where, through }: Call): Promise<Ended> {
  const { dir, env } = world[where ?? 'tree'];
  const around = through?.(world);
  const [program, ...args] = around?.argv ?? [world.package.command, ...words(world)];
  return startProcess(program!, args, { cwd: dir, env: { ...env, ...around?.env } }).ended;
}

async function done(ending: Promise<Ended>): Promise<void> {
  const { exit, stdout, stderr } = await ending;
  if (exit !== 0) throw new Error(stdout + stderr);
}
