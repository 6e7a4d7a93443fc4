import { createHash } from 'node:crypto';
import { type ContainerFacts, type Environment, type Facts, labels } from '@slipway/model';

/** What the engine knows of a tree by which name, as Kubernetes' scripts call it. */
export interface ContainerNames {
  readonly baseImage: string;
  readonly image: string;
  readonly build: string;
  readonly rsync: string;
  readonly data: string;
  readonly volume: string;
  /** Of everything that belongs to this checkout, whatever its branch. */
  readonly tree: Environment;
  /** Of what belongs to this run. */
  readonly run: Environment;
}

/** Where the volume is, in every container. */
export const VOLUME = '/go';
/** Results lie apart from the tree, so that they are there however the tree gets in. */
export const INSIDE_OUT_DIR = `${VOLUME}/output`;

/** The tree in a container. */
export const insideRoot = (goPackage: string): string => `${VOLUME}/src/${goPackage}`;

/** `pull` is the name of the base image in a registry, where it is not made here. Names carry host, path and branch, so that two checkouts and two branches never meet. */
export function containerNames(
  { tree, toolchain }: Facts,
  containers: ContainerFacts,
  pull: string | undefined,
): ContainerNames {
  const { hostname, branch, version, run, packages } = containers;
  const hash = digest(`${hostname}:${tree.root}:${branch}`);
  const cross = version.cross ?? `go${toolchain.version}`;
  const tag = version.build === undefined ? cross : `${version.build}-${cross}`;
  const base = pull ?? [BASE_FORMAT, toolchain.version, [...packages].sort()];
  const ofTree = { [labels.tree]: digest(`${hostname}:${tree.root}`) };
  return {
    baseImage: `kube-cross:${cross}-${digest(JSON.stringify(base))}`,
    image: `kube-build:build-${hash}-${tag}`,
    build: `kube-build-${hash}-${tag}`,
    rsync: `kube-rsync-${hash}-${tag}`,
    data: `kube-build-data-${hash}-${tag}`,
    volume: `kube-build-data-${hash}-${tag}`,
    tree: ofTree,
    run: { ...ofTree, [labels.run]: run },
  };
}

/** Changes when an image of the same packages would have other contents. */
const BASE_FORMAT = 2;

/** The first ten digits of an MD5, as the scripts take them. */
const digest = (text: string): string => createHash('md5').update(text).digest('hex').slice(0, 10);
