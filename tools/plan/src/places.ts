import { resolve } from 'node:path/posix';
import {
  type Cluster,
  type Environment,
  type Facts,
  HOLES,
  type Place,
  type Platform,
  type Profile,
  WORKER_BASE,
  WORKER_MODULES,
  archOf,
  fillIn,
} from '@slipway/model';
import { crossCompilers, goVariable } from '@slipway/catalog';
import { type ContainerNames, INSIDE_OUT_DIR, VOLUME, insideRoot } from './container-names.ts';
import type { OutputNames } from './names.ts';

export const hostPlace = ({ tree, toolchain }: Facts, names: OutputNames): Place => ({
  name: 'host',
  root: tree.root,
  output: resolve(tree.root, names.root),
  go: toolchain.command,
  environment: {},
});

/** The build container. Results are outside the tree, so that every way of syncing finds them. */
export function containerPlace(facts: Facts, user: string, names: ContainerNames): Place {
  const place: Place = {
    name: 'container',
    root: insideRoot(facts.tree.goPackage),
    output: INSIDE_OUT_DIR,
    go: '/usr/local/go/bin/go',
    environment: {},
    container: { name: names.build, user, image: names.image },
  };
  const environment = Object.entries(insideEnvironment(facts)).map(([name, value]) => [name, fillIn(value, place)]);
  return { ...place, environment: Object.fromEntries(environment) };
}

/**
 * A worker of a cluster. It gets only the variables listed here and inherits none. A release uses no compiled packages
 * of others.
 */
export function remotePlace(facts: Facts, cluster: Cluster, profile: Profile): Place {
  const place: Place = {
    name: 'remote',
    root: `${WORKER_BASE}/tree`,
    output: `${WORKER_BASE}/out`,
    go: cluster.go,
    environment: {},
    cluster,
  };
  const environment: Environment = {
    ...inheritedInside(facts),
    PATH: '/usr/bin:/bin',
    HOME: `${WORKER_BASE}/home`,
    TMPDIR: `${WORKER_BASE}/tmp`,
    GOPATH: `${WORKER_BASE}/gopath`,
    GOMODCACHE: WORKER_MODULES,
    GOCACHE: (profile === 'release' ? undefined : cluster.goCache) ?? `${WORKER_BASE}/cache`,
    GOENV: 'off',
    GOPROXY: 'off',
    GOSUMDB: 'off',
    GOTELEMETRY: 'off',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  };
  const filled = Object.entries(environment).map(([name, value]) => [name, fillIn(value, place)]);
  return { ...place, environment: Object.fromEntries(filled) };
}

/** The facts of a build in the container: its machine, its variables, its compilers. */
export function insideFacts(facts: Facts): Facts {
  const compilers = new Set(Object.values(crossCompilers).map(({ command }) => command));
  return {
    ...facts,
    machine: { ...facts.machine, platform: `linux/${archOf(facts.machine.platform)}` as Platform },
    environment: insideEnvironment(facts),
    compilers: Object.fromEntries(
      Object.keys(facts.compilers).map((command) => [command, compilers.has(command) ? `/usr/bin/${command}` : '']),
    ),
    hostCompiler: '/usr/bin/gcc',
  };
}

/** Places in the image and the volume. */
const fixed: Environment = {
  PATH: '/usr/local/go/bin:/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: `${VOLUME}/home`,
  GOPATH: VOLUME,
  GOCACHE: `${VOLUME}/cache`,
  GOMODCACHE: `${VOLUME}/pkg/mod`,
  GOENV: 'off',
  GOTOOLCHAIN: 'local',
};

/** Directories that slipway creates in the volume, owned by the user of the commands. */
export const insideDirectories = (goPackage: string): string[] => [
  `src/${goPackage}`,
  'home',
  'cache',
  'pkg/mod',
  'output',
];

const insideEnvironment = (facts: Facts): Environment => ({ ...inheritedInside(facts), ...fixed });

function inheritedInside(facts: Facts): Environment {
  const inherited = Object.entries(facts.environment)
    .filter(([name]) => goVariable(name)?.inside)
    .map(([name, value]) => [name, name === 'GOWORK' ? workFileIn(facts) : value]);
  return Object.fromEntries(inherited);
}

/** The path of this machine's go.work in the container. One outside the tree was refused earlier. */
const workFileIn = ({ tree, environment }: Facts): string =>
  tree.workFile === undefined || environment['GOWORK'] === 'auto'
    ? environment['GOWORK']!
    : tree.workFile.replace(tree.root, HOLES.root);
