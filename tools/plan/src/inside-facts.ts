import { type Environment, type Facts, type Platform, archOf } from '@slipway/model';
import { crossCompilers, goVariable } from '@slipway/catalog';
import { VOLUME, insideRoot } from './container-names.ts';

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

/** Made in the volume, for whoever runs the commands. */
export const insideDirectories = (goPackage: string): string[] => [
  `src/${goPackage}`,
  'home',
  'cache',
  'pkg/mod',
  'output',
];

/** The world as Go sees it in the build container: the same tree, another place, the image's Go and compilers. */
export function insideFacts(facts: Facts): Facts {
  const { tree, machine } = facts;
  const compilers = new Set(Object.values(crossCompilers).map(({ command }) => command));
  const environment = Object.entries(facts.environment)
    .filter(([name]) => goVariable(name)?.inside)
    .map(([name, value]) => [name, name === 'GOWORK' ? workFileInside(facts) : value]);
  return {
    ...facts,
    tree: { ...tree, root: insideRoot(tree.goPackage) },
    machine: { ...machine, platform: `linux/${archOf(machine.platform)}` as Platform },
    toolchain: { ...facts.toolchain, command: '/usr/local/go/bin/go', goroot: '/usr/local/go' },
    environment: { ...Object.fromEntries(environment), ...fixed },
    compilers: Object.fromEntries(
      Object.keys(facts.compilers).map((command) => [command, compilers.has(command) ? `/usr/bin/${command}` : '']),
    ),
    hostCompiler: '/usr/bin/gcc',
  };
}

/** The go.work of this machine, where it lies in the container; one outside the tree is refused before. */
const workFileInside = ({ tree, environment }: Facts): string =>
  tree.workFile === undefined || environment['GOWORK'] === 'auto'
    ? environment['GOWORK']!
    : tree.workFile.replace(tree.root, insideRoot(tree.goPackage));
