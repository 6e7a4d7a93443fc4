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

/** Every path and file name of the tree's output; nothing else spells `_output/`. Relative to the root unless OUT_DIR is absolute. */
export interface OutputNames {
  /** `_output` */
  readonly root: string;
  /** `_output/local` */
  readonly local: string;
  /** The GOPATH of the scripts; also where Go keeps its binaries: `_output/local/go`. */
  readonly gopath: string;
  /** `_output/bin`, a link to the host's binaries. */
  readonly hostLink: string;
  /** Keeps git from seeing the output as changes to the tree, wherever it is. */
  readonly ignore: string;
  readonly scratch: string;
  /** A module cache that stays empty. */
  readonly noModules: string;
  readonly lock: string;
  /** What slipway remembers of this tree: `_output/local/.slipway`. */
  readonly memory: string;
  /** Tarballs and their checksums: `_output/release-tars`. */
  readonly releaseTars: string;
  /** Images, by architecture: `_output/release-images`. */
  readonly releaseImages: string;
  /** What becomes part of an artifact: `_output/release-stage`. */
  readonly releaseStage: string;
  /** The page `--report` leaves: `_output/local/report.html`. */
  readonly report: string;
  /** What tests cover: `_output/local/coverage`. */
  readonly coverage: string;
  /** What `compare --with make` keeps: `_output/compare`. */
  readonly compare: string;
}

/** The text of `names.ignore`. */
export const IGNORE_TEXT = '*\n';

/** Where results of the local flow and of the containerized one go, apart from each other. */
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

/** `_output/local/bin/linux/amd64`: what users see. */
export const publishedDir = (names: OutputNames, platform: Platform): string => join(names.local, 'bin', platform);

/** What the tests of one package cover: `_output/local/coverage/packages/k8s.example_2fmono.out`. */
export const coverageProfile = (names: OutputNames, importPath: string): string =>
  join(names.coverage, 'packages', `${placeOf(importPath)}.out`);

/** `_output/local/go/bin`, for another platform than the host's `_output/local/go/bin/linux_arm64`: Go's own target. */
export const goBinDir = (names: OutputNames, platform: Platform, host: Platform): string =>
  join(names.gopath, 'bin', platform === host ? '' : platform.replace('/', '_'));

/** The link to the root through which a GOPATH-era tree sees itself: `_output/local/go/src/k8s.io/kubernetes`. */
export const fakeGopathDir = (names: OutputNames, goPackage: string): string => join(names.gopath, 'src', goPackage);

/** What a step's program may fill: `_output/local/tmp/vet_3a.`. */
export const scratchDir = (names: OutputNames, id: StepId): string => join(names.scratch, placeOf(id));

/**
 * The same for Go, whose results hold where it worked when that is in a module: outside of the tree, and another one for each
 * output directory.
 */
export const goScratchDir = (id: StepId, names: OutputNames, { tree, goScratch }: Facts): string =>
  join(goScratch, hash('sha256', absolute(tree.root, names.local)).slice(0, 16), placeOf(id));

/** File name of a command: `kubectl.exe`. */
export const binaryName = (command: Command, platform: Platform): string =>
  osOf(platform) === 'windows' ? `${command.name}.exe` : command.name;

/** A path of the tree, in the call of a step. */
export const inTree = (path: string): string => join(HOLES.root, path);

/** A path of the output, in the call of a step. */
export const inOutput = (path: string, names: OutputNames): string => join(HOLES.output, relative(names.root, path));

export const absolute = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));
