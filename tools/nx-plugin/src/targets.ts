import type { TargetConfiguration } from '@nx/devkit';
import type { CommandInputs } from '@slipway/model';

/**
 * The report of a project's tests, relative to the root. It is an output, so that a cached run restores the report and
 * `hack/test.ts` can count its tests.
 */
export const reportOf = (name: string): string => `_output/test/${name.replaceAll('/', '-')}.json`;

interface VitestTarget {
  /** The directory of the tests, relative to the root. */
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
 * Nx does not cache it, because slipway's key decides, here as on its own command line. Nx would restore without a
 * check, and replace a binary that must stay Go's own (D4, D6). The inputs are for `nx affected`.
 */
const buildTarget = (executor: string, { target }: CommandInputs, inputs: string[]): TargetConfiguration => ({
  executor,
  options: { target },
  cache: false,
  inputs,
  metadata: { description: `slipway all WHAT=${target}`, technologies: ['go'] },
});

/** The targets of Go projects, which depend on the workspace. */
export interface GoTargets {
  build(command: CommandInputs, inputs: string[]): TargetConfiguration;
  /** Undefined if a module without tests has no such target. */
  test(dir: string, isTested: boolean): TargetConfiguration | undefined;
  vet(dir: string): TargetConfiguration;
  /** For a module with `test/integration/`. */
  readonly integration?: TargetConfiguration;
}

/** Runs on binaries that slipway builds first. */
const integrationTarget: TargetConfiguration = {
  command: 'node tools/cli/src/main.ts test-integration KUBE_VERBOSE=2 KUBE_TEST_ARGS=-v',
  cache: true,
  inputs: ['go', '^go', 'goWorkspace', '{workspaceRoot}/slipway.config.ts', '{workspaceRoot}/tools/*/src/**/*'],
  outputs: [],
  metadata: { description: 'the components together: scheduled, run, killed at random', technologies: ['go'] },
};

/**
 * Nx does not cache it, because slipway knows for each package which files its tests read, inside and outside the
 * module. The inputs are for `nx affected`.
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

/** The targets of this repository. */
export const ourTargets: GoTargets = {
  build: (command, inputs) => buildTarget('@slipway/nx-plugin:build', command, inputs),
  test: goTestTarget,
  vet: goVetTarget,
  integration: integrationTarget,
};

/**
 * The targets of a foreign workspace with the package `@slipway/nx`, which contains the command `slipway`. Its
 * `nx.json` needs no settings for slipway.
 */
export const theirTargets: GoTargets = {
  build: (command, inputs) => buildTarget('@slipway/nx:build', command, inputs),
  test: (dir, isTested) => (isTested ? theirs(`slipway test ${below(dir)}`) : undefined),
  vet: (dir) => theirs(`slipway vet WHAT=${below(dir)}`),
};

const below = (dir: string): string => (dir === '.' ? '//...' : `//${dir}/...`);

/**
 * Nx does not cache it, because Nx does not know which files of other modules it contains. Slipway skips what is up to
 * date.
 */
const theirs = (command: string): TargetConfiguration => ({
  command,
  cache: false,
  inputs: ['{workspaceRoot}/**/*'],
  metadata: { description: command, technologies: ['go'] },
});
