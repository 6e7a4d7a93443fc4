import type { TargetConfiguration } from '@nx/devkit';
import type { CommandInputs } from '@slipway/model';

/**
 * Where the tests of a project leave their report, relative to the root. It is an output, so a cached run brings the
 * report back and `hack/test.ts` can count its tests.
 */
export const reportOf = (name: string): string => `_output/test/${name.replaceAll('/', '-')}.json`;

interface VitestTarget {
  /** The folder whose tests are meant, relative to the root. */
  readonly dir: string;
  readonly report: string;
  readonly description: string;
  readonly inputs: TargetConfiguration['inputs'];
}

export function vitestTarget({ dir, report, description, inputs }: VitestTarget): TargetConfiguration {
  return {
    command: `vitest run --config hack/vitest.config.ts --dir ${dir} --reporter=default --reporter=./hack/lib/test-reporter.ts --outputFile=${report}`,
    cache: true,
    inputs: inputs ?? [],
    outputs: [`{workspaceRoot}/${report}`],
    metadata: { description, technologies: ['vitest'] },
  };
}

/**
 * Not cached by Nx: slipway's key decides, here as on its own command line; Nx would restore without looking, and put a
 * binary where Go's previous one must stay (D4, D6). The inputs are for `nx affected`.
 */
const buildTarget = (executor: string, { target }: CommandInputs, inputs: string[]): TargetConfiguration => ({
  executor,
  options: { target },
  cache: false,
  inputs,
  metadata: { description: `slipway all WHAT=${target}`, technologies: ['go'] },
});

/** The targets of Go projects, which depend on whose workspace it is. */
export interface GoTargets {
  build(command: CommandInputs, inputs: string[]): TargetConfiguration;
  /** Undefined where a module without tests has no such target. */
  test(dir: string, isTested: boolean): TargetConfiguration | undefined;
  vet(dir: string): TargetConfiguration;
  /** Of a module with `test/integration/`. */
  readonly integration?: TargetConfiguration;
}

/** On binaries slipway builds before; it knows that nothing of them is stale. */
const integrationTarget: TargetConfiguration = {
  command: 'node tools/cli/src/main.ts test-integration KUBE_VERBOSE=2 KUBE_TEST_ARGS=-v',
  cache: true,
  inputs: ['go', '^go', 'goWorkspace', '{workspaceRoot}/slipway.config.ts', '{workspaceRoot}/tools/*/src/**/*'],
  outputs: [],
  metadata: { description: 'the components together: scheduled, run, killed at random', technologies: ['go'] },
};

/**
 * Not cached by Nx: slipway knows by package what its tests read, in the module and outside of it. The inputs are for `nx affected`.
 */
function goTestTarget(dir: string): TargetConfiguration {
  const report = reportOf(`go-${dir}`);
  return {
    command: `node hack/go-tests.ts ${dir} ${report}`,
    cache: false,
    inputs: [`{workspaceRoot}/${dir}/**/*`, '^go', 'goWorkspace'],
    outputs: [`{workspaceRoot}/${report}`],
    metadata: { description: `slipway test //${dir}/...`, technologies: ['go'] },
  };
}

const goVetTarget = (dir: string): TargetConfiguration => ({
  command: `node tools/cli/src/main.ts vet WHAT=./${dir}/...`,
  cache: true,
  inputs: [`{workspaceRoot}/${dir}/**/*`, '^go', 'goWorkspace'],
  outputs: [],
  metadata: { description: `slipway vet WHAT=./${dir}/...`, technologies: ['go'] },
});

/** Of this repository. */
export const ourTargets: GoTargets = {
  build: (command, inputs) => buildTarget('@slipway/nx-plugin:build', command, inputs),
  test: goTestTarget,
  vet: goVetTarget,
  integration: integrationTarget,
};

/** Of a workspace of somebody else, which has the package `@slipway/nx`, and with it the command `slipway`. Its `nx.json` need not know us. */
export const theirTargets: GoTargets = {
  build: (command, inputs) => buildTarget('@slipway/nx:build', command, inputs),
  test: (dir, isTested) => (isTested ? theirs(`slipway test ${below(dir)}`) : undefined),
  vet: (dir) => theirs(`slipway vet WHAT=${below(dir)}`),
};

const below = (dir: string): string => (dir === '.' ? '//...' : `//${dir}/...`);

/** Not cached by Nx, which does not know what of another module is in it: slipway knows what need not be done. */
const theirs = (command: string): TargetConfiguration => ({
  command,
  cache: false,
  inputs: ['{workspaceRoot}/**/*'],
  metadata: { description: command, technologies: ['go'] },
});
