import { createHash } from 'node:crypto';
import { type ContainerFacts, type Environment, type Facts, labels } from '@slipway/model';

/** Names of a tree's objects in the engine, as Kubernetes' scripts choose them. */
export interface ContainerNames {
  readonly baseImage: string;
  readonly image: string;
  readonly build: string;
  readonly rsync: string;
  readonly data: string;
  readonly volume: string;
  /** Labels of everything that belongs to this checkout, on any branch. */
  readonly tree: Environment;
  /** Labels of everything that belongs to this run. */
  readonly run: Environment;
}

/** The mount point of the volume, in every container. */
export const VOLUME = '/go';
/** Results are outside the tree, so that every way of syncing finds them. */
export const INSIDE_OUT_DIR = `${VOLUME}/output`;

/** The path of the tree in a container. */
export const insideRoot = (goPackage: string): string => `${VOLUME}/src/${goPackage}`;

/**
 * `pull` is the registry name of the base image, if slipway does not build it. Names contain host, path and branch, so
 * that two checkouts or two branches never share one.
 */
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

/** Increment it when an image from the same packages would get other content. */
const BASE_FORMAT = 2;

/** The first ten digits of an MD5, as the scripts compute it. */
const digest = (text: string): string => createHash('md5').update(text).digest('hex').slice(0, 10);
