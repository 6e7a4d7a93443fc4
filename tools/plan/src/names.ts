import { hash } from 'node:crypto';
import { isAbsolute, join, relative } from 'node:path/posix';
import { DEFAULT_OUT_DIR } from '@slipway/catalog';
import {
  type Command,
  type Environment,
  type Facts,
  HOLES,
  type Platform,
  type StepId,
  osOf,
  placeOf,
} from '@slipway/model';

/**
 * All paths and file names of the tree's output. No other file contains `_output/`. Relative to the root unless OUT_DIR
 * is absolute.
 */
export interface OutputNames {
  /** `_output` */
  readonly root: string;
  /** `_output/local` */
  readonly local: string;
  /** The GOPATH of the scripts, where Go also writes its binaries: `_output/local/go`. */
  readonly gopath: string;
  /** `_output/bin`, a link to the host's binaries. */
  readonly hostLink: string;
  /** A `.gitignore` that hides the output from git, in any place. */
  readonly ignore: string;
  readonly scratch: string;
  /** A module cache that stays empty. */
  readonly noModules: string;
  readonly lock: string;
  /** Slipway's records of this tree: `_output/local/.slipway`. */
  readonly memory: string;
  /** Tarballs and their checksums: `_output/release-tars`. */
  readonly releaseTars: string;
  /** Images, by architecture: `_output/release-images`. */
  readonly releaseImages: string;
  /** Files that become part of an artifact: `_output/release-stage`. */
  readonly releaseStage: string;
  /** The page of `--report`: `_output/local/report.html`. */
  readonly report: string;
  /** Coverage of tests: `_output/local/coverage`. */
  readonly coverage: string;
  /** Files of `compare --with make`: `_output/compare`. */
  readonly compare: string;
}

/** The text of `names.ignore`. */
export const IGNORE_TEXT = '*\n';

/** The local and the containerized flow have separate directories for results. */
export type OutputPart = 'local' | 'dockerized';

export function outputNames(variables: Environment, part: OutputPart = 'local'): OutputNames {
  const root = variables['OUT_DIR'] || DEFAULT_OUT_DIR;
  const local = join(root, part);
  return {
    root,
    local,
    gopath: join(local, 'go'),
    hostLink: join(root, 'bin'),
    ignore: join(root, '.gitignore'),
    scratch: join(local, 'tmp'),
    noModules: join(local, 'no-modules'),
    lock: join(local, '.lock'),
    memory: join(local, '.slipway'),
    report: join(local, 'report.html'),
    coverage: join(local, 'coverage'),
    releaseTars: join(root, 'release-tars'),
    releaseImages: join(root, 'release-images'),
    releaseStage: join(root, 'release-stage'),
    compare: join(root, 'compare'),
  };
}

/** `_output/local/bin/linux/amd64`: the results for users. */
export const publishedDir = (names: OutputNames, platform: Platform): string => join(names.local, 'bin', platform);

/** Coverage profile of one package: `_output/local/coverage/packages/k8s.example_2fmono.out`. */
export const coverageProfile = (names: OutputNames, importPath: string): string =>
  join(names.coverage, 'packages', `${placeOf(importPath)}.out`);

/**
 * The directory where Go writes binaries: `_output/local/go/bin`, for a foreign platform
 * `_output/local/go/bin/linux_arm64`.
 */
export const goBinDir = (names: OutputNames, platform: Platform, host: Platform): string =>
  join(names.gopath, 'bin', platform === host ? '' : platform.replace('/', '_'));

/** The link to the root through which a GOPATH-era tree is compiled: `_output/local/go/src/k8s.io/kubernetes`. */
export const fakeGopathDir = (names: OutputNames, goPackage: string): string => join(names.gopath, 'src', goPackage);

/** The scratch directory of a step: `_output/local/tmp/vet_3a.`. */
export const scratchDir = (names: OutputNames, id: StepId): string => join(names.scratch, placeOf(id));

/**
 * The scratch directory for Go, which is outside the tree, because results depend on it if it is in a module. It
 * differs for each output directory.
 */
export const goScratchDir = (id: StepId, names: OutputNames, { tree, goScratch }: Facts): string =>
  join(goScratch, hash('sha256', absolute(tree.root, names.local)).slice(0, 16), placeOf(id));

/** The file name of a command: `kubectl.exe`. */
export const binaryName = (command: Command, platform: Platform): string =>
  osOf(platform) === 'windows' ? `${command.name}.exe` : command.name;

/** A path of the tree, in the call of a step. */
export const inTree = (path: string): string => join(HOLES.root, path);

/** A path of the output, in the call of a step. */
export const inOutput = (path: string, names: OutputNames): string => join(HOLES.output, relative(names.root, path));

export const absolute = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));
