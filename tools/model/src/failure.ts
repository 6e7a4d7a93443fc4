import type { ExitCodeName } from './exit-code.ts';

/** What each failure knows. A code added here asks for its message, hint and exit code below. */
interface FailureFacts {
  UNKNOWN_TARGET: { readonly word: string; readonly nearest: string | undefined };
  UNKNOWN_VARIABLE: { readonly word: string; readonly nearest: string | undefined };
  UNKNOWN_FLAG: { readonly word: string; readonly nearest: string | undefined };
  BAD_USAGE: { readonly fact: string; readonly hint: string };
  BAD_VALUE: { readonly variable: string; readonly value: string; readonly expected: string };
  /** `at` is the place in `text`, counted from 0. */
  BAD_LABEL: { readonly text: string; readonly at: number; readonly fact: string; readonly hint: string };
  UNKNOWN_PLATFORM: {
    readonly word: string;
    readonly nearest: string | undefined;
    /** What there is, when that is a short list. */ readonly among?: readonly string[];
  };
  UNKNOWN_WHAT: { readonly word: string; readonly nearest: string | undefined };
  NO_TREE: { readonly dir: string };
  NO_COMMANDS: { readonly root: string };
  NAME_TAKEN: { readonly name: string; readonly targets: readonly string[] };
  BAD_CONFIG: { readonly file: string; readonly fact: string };
  BAD_SCRIPT: { readonly file: string; readonly fact: string };
  BAD_GO_MOD: { readonly file: string; readonly fact: string };
  VENDOR_MISSING: { readonly root: string; readonly fact: string };
  /** Node gives names as text, and what is not UTF-8 in them is lost: such a file can be seen, and not be opened. */
  BAD_NAME: { readonly path: string; readonly why: string };
  BAD_FILE: { readonly path: string; readonly why: string };
  BAD_VERSION: { readonly version: string };
  BAD_VERSION_FILE: { readonly file: string; readonly fact: string };
  UNSUPPORTED_TREE: { readonly fact: string; readonly hint: string };
  BAD_FLAG: {
    readonly flag: string;
    readonly variable: 'WHAT';
    readonly why: string;
    readonly hint: string;
  };
  /** `setting` is NAME=value, wherever it stands. */
  GO_SETTING: { readonly setting: string; readonly why: string; readonly hint: string };
  /** `mark` is the file or directory in question, `owner` whose it is. */
  UNSAFE_TREE: { readonly root: string; readonly mark: string; readonly owner: number; readonly user: number };
  UNTRUSTED_TREE: { readonly root: string; readonly path: string; readonly fact: string };
  /** `dubious` is the repository git does not believe, if that is why. */
  GIT_FAILED: { readonly directory: string; readonly fact: string; readonly dubious: string | undefined };
  /** `name` is a setting of `file`. */
  GIT_PROGRAM: { readonly name: string; readonly file: string };
  OUTPUT_TRACKED: { readonly path: string };
  TOOL_MISSING: { readonly tool: string; readonly why: string; readonly hint: string };
  GO_UNAVAILABLE: { readonly version: string; readonly from: string; readonly fact: string };
  HASH_MISMATCH: { readonly what: string; readonly expected: string; readonly actual: string };
  /** `first` is what it printed of the first mistake, with its place. */
  COMMAND_FAILED: { readonly command: string; readonly exit: number | string; readonly first?: string };
  NO_TESTS: { readonly root: string; readonly untested: readonly string[] };
  /** Import paths, each with the tests that failed; without one where the package itself did. */
  TESTS_FAILED: {
    readonly packages: readonly { readonly name: string; readonly tests: readonly string[] }[];
    readonly among: number;
  };
  CHECK_FAILED: {
    readonly kind: 'verify' | 'update';
    readonly name: string;
    readonly exit: number | string;
    readonly remedy: string | undefined;
  };
  CHECK_TOO_SLOW: { readonly name: string; readonly seconds: number; readonly budget: number };
  /** `hint` where the path is not to be made writable. */
  NOT_WRITABLE: { readonly path: string; readonly fact: string; readonly hint?: string };
  DISK_FULL: { readonly path: string };
  /** A link on the way to what a run writes or removes. */
  FOREIGN_LINK: { readonly path: string; readonly target: string; readonly fact: string; readonly hint: string };
  NOT_AS_KNOWN: {
    readonly path: string;
    /** Lines with `+` or `-` before them. */
    readonly difference: readonly string[];
    readonly hint: string;
  };
  FILE_EXISTS: { readonly path: string };
  FILE_MISSING: { readonly path: string; readonly why: string };
  /** `hint` where another one than the usual helps. */
  BAD_IMAGE: { readonly image: string; readonly fact: string; readonly hint?: string };
  NOT_PUSHED: { readonly image: string; readonly fact: string; readonly hint?: string };
  /** A release, where it is to be put. */
  NOT_PUBLISHED: { readonly place: string; readonly fact: string; readonly hint?: string };
  /** What somebody else made, and we refuse: an archive, a manifest. */
  BAD_ARCHIVE: { readonly path: string; readonly fact: string };
  UNREADABLE: { readonly path: string; readonly fact: string };
  DIFFERENT: { readonly count: number; readonly what: string };
  NO_ENGINE: { readonly where: string; readonly fact: string; readonly hint: string };
  ENGINE_TOO_OLD: { readonly version: string; readonly has: string; readonly needs: string };
  ENGINE_TOO_SMALL: { readonly fact: string; readonly hint: string };
  ENGINE_LOST: { readonly where: string; readonly did: string };
  ENGINE_FULL: { readonly what: string };
  ENGINE_FAILED: { readonly did: string; readonly fact: string };
  IMAGE_FAILED: { readonly image: string; readonly fact: string; readonly hint: string };
  CONTAINER_LOST: { readonly container: string; readonly fact: string };
  CONTAINER_NAME_TAKEN: { readonly container: string };
  NO_TRANSPORT: { readonly transport: string; readonly fact: string; readonly hint: string };
  IMAGE_INCOMPLETE: { readonly container: string; readonly tool: string; readonly package: string };
  SYNC_FAILED: { readonly fact: string; readonly hint: string };
  COMMAND_ENDED: { readonly command: string; readonly exit: number };
  /** Codes of remote execution begin with REMOTE_; whatever one says, the same work can be done here. */
  REMOTE_UNREACHABLE: { readonly where: string; readonly fact: string; readonly hint?: string };
  REMOTE_REFUSED: { readonly where: string; readonly fact: string; readonly hint: string };
  REMOTE_LOST: { readonly where: string; readonly did: string; readonly attempts: number };
  /** `platform` is what a worker was asked to have: `pool=gpu, …`. */
  REMOTE_QUEUE: { readonly where: string; readonly seconds: number; readonly platform: string };
  REMOTE_TIMEOUT: { readonly command: string; readonly seconds: number };
  REMOTE_OUTPUT: { readonly path: string; readonly fact: string; readonly hint: string };
  /** Not for what a cluster did not do: what it did and what was done here are not the same. */
  CLUSTER_DIFFERS: { readonly path: string; readonly here: string; readonly there: string };
  INTERRUPTED: { readonly signal: string };
}

export type FailureCode = keyof FailureFacts;
export type FailureOf<C extends FailureCode> = { readonly code: C } & FailureFacts[C];
export type Failure = { [C in FailureCode]: FailureOf<C> }[FailureCode];

interface FailureText<C extends FailureCode> {
  readonly exit: ExitCodeName;
  /** The fact, one sentence. */
  message(failure: FailureOf<C>): string;
  /** What to type or to edit. */
  hint(failure: FailureOf<C>): string;
}

/** `operator/cmd/webhook` → `operator-webhook` */
const otherName = (name: string, target: string): string => {
  const before = target.split('/').filter((part) => part !== name && !['.', '..', 'cmd', 'vendor'].includes(part))[0];
  return before === undefined ? `other-${name}` : `${before}-${name}`;
};

const nearestOr = (nearest: string | undefined, otherwise: string): string =>
  nearest === undefined ? otherwise : `did you mean ${nearest}?`;

const texts: { readonly [C in FailureCode]: FailureText<C> } = {
  UNKNOWN_TARGET: {
    exit: 'usage',
    message: (f) => `unknown target: ${f.word}`,
    hint: (f) => nearestOr(f.nearest, 'slipway help targets lists them all'),
  },
  UNKNOWN_VARIABLE: {
    exit: 'usage',
    message: (f) => `unknown variable: ${f.word}`,
    hint: (f) => nearestOr(f.nearest, 'slipway help lists the variables of each target'),
  },
  UNKNOWN_FLAG: {
    exit: 'usage',
    message: (f) => `unknown flag: ${f.word}`,
    hint: (f) => nearestOr(f.nearest, 'slipway help lists all flags'),
  },
  BAD_USAGE: { exit: 'usage', message: (f) => f.fact, hint: (f) => f.hint },
  BAD_VALUE: {
    exit: 'usage',
    message: (f) => `invalid value for ${f.variable}: ${f.value}`,
    hint: (f) => `expected ${f.expected}`,
  },
  BAD_LABEL: {
    exit: 'usage',
    message: (f) => `${f.fact}\n  ${f.text}\n  ${' '.repeat(f.at)}^`,
    hint: (f) => f.hint,
  },
  UNKNOWN_PLATFORM: {
    exit: 'usage',
    message: (f) => `${f.word} is not a platform that this tree and its Go support`,
    hint: (f) =>
      nearestOr(
        f.nearest,
        f.among === undefined
          ? 'a platform is os/arch, as `go tool dist list` prints them'
          : `one of ${f.among.join(', ')}`,
      ),
  },
  UNKNOWN_WHAT: {
    exit: 'usage',
    message: (f) => `WHAT=${f.word} names no command, test binary or package of this tree`,
    hint: (f) => nearestOr(f.nearest, 'slipway help lists the commands of this tree'),
  },
  NO_TREE: {
    exit: 'usage',
    message: (f) =>
      `${f.dir} is in no Go tree: no slipway.config.ts, hack/lib/golang.sh, go.work or go.mod here or above`,
    hint: () => 'name the tree: slipway -C DIR all',
  },
  NO_COMMANDS: {
    exit: 'usage',
    message: (f) => `${f.root} has no command in the usual places (cmd/*, the roots of modules)`,
    hint: () => 'name one: slipway all WHAT=path/to/command, or list them once: slipway init',
  },
  NAME_TAKEN: {
    exit: 'usage',
    message: (f) => `${f.targets.join(' and ')} would both be called ${f.name}`,
    hint: ({ name, targets: [first = '', second = ''] }) =>
      `give one another name in slipway.config.ts: targets: [{ path: '${second}', name: '${otherName(name, second)}' }]; or build one at a time: slipway all WHAT=${first}`,
  },
  BAD_CONFIG: {
    exit: 'usage',
    message: (f) => `${f.file}: ${f.fact}`,
    hint: () => 'correct the file, or move it away and run slipway init for a fresh one',
  },
  BAD_SCRIPT: {
    exit: 'failed',
    message: (f) => `${f.file} cannot be asked for its lists: ${f.fact}`,
    hint: (f) => `try it alone: bash -c 'source ${f.file}'; or describe the tree in slipway.config.ts (slipway init)`,
  },
  BAD_GO_MOD: {
    exit: 'failed',
    message: (f) => `${f.file}: ${f.fact}`,
    hint: (f) => `correct ${f.file}; go mod tidy or go work sync show every problem`,
  },
  VENDOR_MISSING: {
    exit: 'failed',
    message: (f) => `the vendor directory is missing or does not fit go.mod: ${f.fact}`,
    hint: () => 'go mod vendor (go work vendor in a workspace), or git checkout -- vendor',
  },
  BAD_FILE: {
    exit: 'failed',
    message: (f) => `${f.path} is not read: ${f.why}`,
    hint: () => 'put a plain file in its place, or take it away',
  },
  BAD_NAME: {
    exit: 'failed',
    message: (f) => `${f.path} has a name that is not UTF-8: ${f.why}`,
    hint: () => 'rename it, or take it away; ls -b shows the bytes of names',
  },
  BAD_VERSION: {
    exit: 'failed',
    message: (f) => `the version computed from git, ${f.version}, is not a semantic version`,
    hint: () => 'tag the commit vX.Y.Z, or set KUBE_GIT_VERSION=vX.Y.Z',
  },
  BAD_VERSION_FILE: {
    exit: 'usage',
    message: (f) => `KUBE_GIT_VERSION_FILE ${f.file}: ${f.fact}`,
    hint: () => "write lines of the form KUBE_GIT_VERSION='v1.2.3', or unset KUBE_GIT_VERSION_FILE",
  },
  UNSUPPORTED_TREE: { exit: 'usage', message: (f) => f.fact, hint: (f) => f.hint },
  BAD_FLAG: { exit: 'usage', message: (f) => `${f.flag} in ${f.variable}: ${f.why}`, hint: (f) => f.hint },
  GO_SETTING: { exit: 'usage', message: (f) => `${f.setting}: ${f.why}`, hint: (f) => f.hint },
  UNSAFE_TREE: {
    exit: 'failed',
    message: (f) =>
      `${f.mark} belongs to user ${f.owner}, and slipway runs as user ${f.user}: nothing of ${f.root} is run`,
    hint: (f) =>
      `if you trust them: git config --global --add safe.directory '${f.root}'; a tree of your own below it begins where its .git is`,
  },
  UNTRUSTED_TREE: {
    exit: 'failed',
    message: (f) => `${f.path} would run to know the tree, and ${f.fact}`,
    hint: (f) => `look at it, then slipway -C '${f.root}' trust; or --no-config, which runs nothing of the tree`,
  },
  GIT_PROGRAM: {
    exit: 'failed',
    message: (f) =>
      `git would run the program that ${f.name} of ${f.file} names, and --no-config runs nothing of the tree`,
    hint: (f) => `look at it, then git config --file '${f.file}' --unset-all ${f.name}, or leave --no-config out`,
  },
  GIT_FAILED: {
    exit: 'failed',
    message: (f) => `git cannot read ${f.directory}: ${f.fact}`,
    hint: (f) =>
      f.dubious === undefined
        ? `git -C '${f.directory}' status says the same; repair the repository, or move its .git aside to build without a version`
        : `if you trust whoever owns it: git config --global --add safe.directory '${f.dubious}'`,
  },
  OUTPUT_TRACKED: {
    exit: 'failed',
    message: (f) => `git tracks files below ${f.path}, so a commit could change what counts as built`,
    hint: (f) => `git rm -r --cached '${f.path}', or choose another place: OUT_DIR=/some/dir`,
  },
  TOOL_MISSING: {
    exit: 'toolMissing',
    message: (f) => `${f.tool} is not installed: ${f.why}`,
    hint: (f) => f.hint,
  },
  GO_UNAVAILABLE: {
    exit: 'toolMissing',
    message: (f) =>
      `Go ${f.version}, which ${f.from} asks for, is not installed, and it could not be downloaded: ${f.fact}`,
    hint: (f) =>
      `install Go ${f.version} and put it first on PATH, set GOPROXY to a module proxy, take another one (GO_VERSION=…), or FORCE_HOST_GO=y to use the Go on PATH as it is`,
  },
  HASH_MISMATCH: {
    exit: 'verification',
    message: (f) => `${f.what} is not what it should be: expected ${f.expected}, got ${f.actual}`,
    hint: () => 'nothing was kept; check the proxy or mirror it came from',
  },
  NO_TESTS: {
    exit: 'usage',
    message: ({ root, untested }) =>
      `${untested.length === 0 ? root : untested.join(', ')} has no tests for this platform`,
    hint: () => 'name packages that have some: slipway test WHAT=./pkg/...',
  },
  TESTS_FAILED: {
    exit: 'failed',
    message: ({ packages, among }) =>
      `tests failed in ${packages.length} of ${among} ${among === 1 ? 'package' : 'packages'}: ${packages
        .slice(0, 5)
        .map(({ name, tests }) =>
          tests.length === 0 ? name : `${name} (${tests.slice(0, 3).join(', ')}${tests.length > 3 ? ', …' : ''})`,
        )
        .join('; ')}${packages.length > 5 ? `; and ${packages.length - 5} more` : ''}`,
    hint: ({ packages }) =>
      `run them alone: slipway test WHAT="${packages
        .slice(0, 5)
        .map(({ name }) => name)
        .join(' ')}"`,
  },
  COMMAND_FAILED: {
    exit: 'failed',
    message: (f) => `${f.first === undefined ? '' : `${f.first}\n  `}${f.command} ended with ${f.exit}`,
    hint: (f) =>
      f.first === undefined
        ? 'see its output above'
        : `correct ${f.first.replace(/(:\d+): .*/, '$1')}; the whole output stands above; -n shows the whole call`,
  },
  CHECK_FAILED: {
    exit: 'verification',
    message: (f) => `${f.kind}-${f.name} ended with ${f.exit}`,
    hint: (f) => f.remedy ?? 'see its output above',
  },
  CHECK_TOO_SLOW: {
    exit: 'verification',
    message: (f) => `verify-${f.name} took ${f.seconds.toFixed(1)} s, and ${f.budget} s were agreed on`,
    hint: () => 'make it faster, or change verify.budget in slipway.config.ts',
  },
  NOT_WRITABLE: {
    exit: 'failed',
    message: (f) => `${f.path} cannot be written: ${f.fact}`,
    hint: (f) => f.hint ?? 'make it writable for you, or choose another place: OUT_DIR=/some/dir',
  },
  DISK_FULL: {
    exit: 'failed',
    message: (f) => `no space is left on the disk of ${f.path}`,
    hint: () => 'make room (slipway clean, go clean -cache) or choose another place: OUT_DIR=/some/dir',
  },
  FOREIGN_LINK: {
    exit: 'failed',
    message: (f) => `${f.path} is a link to ${f.target}; slipway does not follow it: ${f.fact}`,
    hint: (f) => f.hint,
  },
  NOT_AS_KNOWN: {
    exit: 'failed',
    message: ({ path, difference }) =>
      `what was found is not what ${path} says: ${difference.slice(0, 10).join('; ')}${difference.length > 10 ? `; and ${difference.length - 10} more` : ''}`,
    hint: (f) => f.hint,
  },
  FILE_EXISTS: {
    exit: 'usage',
    message: (f) => `${f.path} already exists`,
    hint: () => 'move it away, or use --force',
  },
  FILE_MISSING: {
    exit: 'usage',
    message: (f) => `${f.path} does not exist: ${f.why}`,
    hint: () => 'check the path',
  },
  BAD_IMAGE: {
    exit: 'failed',
    message: (f) => `${f.image} cannot be used as a base image: ${f.fact}`,
    hint: (f) => f.hint ?? 'name another one, KUBE_…_BASE_IMAGE=oci:DIRECTORY, or fetch it again',
  },
  NOT_PUSHED: {
    exit: 'failed',
    message: (f) => `${f.image} could not be pushed: ${f.fact}`,
    hint: (f) => f.hint ?? 'run it again; uploads resume',
  },
  NOT_PUBLISHED: {
    exit: 'failed',
    message: (f) => `${f.place} did not take the release: ${f.fact}`,
    hint: (f) => f.hint ?? 'run it again; files that are there are not sent again',
  },
  BAD_ARCHIVE: {
    exit: 'verification',
    message: (f) => `${f.path} is refused: ${f.fact}`,
    hint: () => 'nothing of it was written; fetch it again, or ask who published it',
  },
  UNREADABLE: {
    exit: 'failed',
    message: (f) => `${f.path} cannot be read: ${f.fact}`,
    hint: () => 'run the same command again when it is whole; what was finished is kept',
  },
  DIFFERENT: {
    exit: 'verification',
    message: (f) => `${f.count} of the ${f.what} differ`,
    hint: () => 'the differences are listed above by file, build setting and section',
  },
  NO_ENGINE: {
    exit: 'toolMissing',
    message: (f) => `no container engine answers at ${f.where}: ${f.fact}`,
    hint: (f) => f.hint,
  },
  ENGINE_TOO_OLD: {
    exit: 'toolMissing',
    message: (f) => `${f.version} speaks version ${f.has} of the engine API, ${f.needs} is needed`,
    hint: () => 'install a newer engine: Docker 19.03 or later, podman 4 or later',
  },
  ENGINE_TOO_SMALL: { exit: 'toolMissing', message: (f) => f.fact, hint: (f) => f.hint },
  ENGINE_LOST: {
    exit: 'failed',
    message: (f) => `the connection to the container engine at ${f.where} was lost while ${f.did}`,
    hint: () => 'nothing of it was kept; when the engine runs again (docker info), run the same command',
  },
  ENGINE_FULL: {
    exit: 'failed',
    message: (f) => `no space is left in the container engine: ${f.what}`,
    hint: () => 'make room there: slipway make-clean, docker system prune, or a larger disk',
  },
  ENGINE_FAILED: {
    exit: 'failed',
    message: (f) => `the container engine refused ${f.did}: ${f.fact}`,
    hint: () => 'slipway make-clean removes everything of this tree from the engine; then run it again',
  },
  IMAGE_FAILED: { exit: 'failed', message: (f) => `image ${f.image}: ${f.fact}`, hint: (f) => f.hint },
  CONTAINER_LOST: {
    exit: 'failed',
    message: (f) => `the container ${f.container} ended before its command did: ${f.fact}`,
    hint: () => 'nothing of it was kept; if memory ran out, give the engine more or say -j1; then run it again',
  },
  CONTAINER_NAME_TAKEN: {
    exit: 'failed',
    message: (f) => `a container called ${f.container} is there, and was not made by slipway for this tree`,
    hint: (f) => `docker rename ${f.container} OTHER, or docker rm ${f.container}`,
  },
  NO_TRANSPORT: {
    exit: 'toolMissing',
    message: (f) => `--sync ${f.transport}: ${f.fact}`,
    hint: (f) => f.hint,
  },
  IMAGE_INCOMPLETE: {
    exit: 'toolMissing',
    message: (f) => `the image of ${f.container} has no ${f.tool}`,
    hint: (f) =>
      `name ${f.package} in build/build-image/packages.txt, or in the image of KUBE_CROSS_IMAGE; then run it again`,
  },
  SYNC_FAILED: { exit: 'failed', message: (f) => f.fact, hint: (f) => f.hint },
  COMMAND_ENDED: {
    exit: 'failed',
    message: (f) => `${f.command} ended with ${f.exit}`,
    hint: () => 'see its output above',
  },
  REMOTE_UNREACHABLE: {
    exit: 'toolMissing',
    message: (f) => `no cluster answers at ${f.where}: ${f.fact}`,
    hint: (f) =>
      f.hint ??
      `check the address, the port and the firewall of ${f.where}; a server with TLS has grpcs://; without --remote the same is done here`,
  },
  REMOTE_REFUSED: {
    exit: 'failed',
    message: (f) => `the cluster at ${f.where} refused: ${f.fact}`,
    hint: (f) => f.hint,
  },
  REMOTE_LOST: {
    exit: 'failed',
    message: (f) => `the cluster at ${f.where} was lost while ${f.did}, ${f.attempts} times`,
    hint: (f) =>
      `run the same command again, what was finished is kept; slipway remote check ${f.where} says whether it is well`,
  },
  REMOTE_QUEUE: {
    exit: 'failed',
    message: (f) =>
      `no worker of ${f.where} took it within ${f.seconds} s${f.platform === '' ? '' : `; asked for was ${f.platform}`}`,
    hint: (f) =>
      f.platform === ''
        ? 'start more workers, or ask for fewer jobs at once'
        : 'correct properties of remoteExecution in slipway.config.ts if no worker has them, or start more workers',
  },
  REMOTE_TIMEOUT: {
    exit: 'failed',
    message: (f) => `${f.command} ran on its worker for more than ${f.seconds} s and was ended`,
    hint: () => 'without --remote it is run here and has no such limit',
  },
  REMOTE_OUTPUT: {
    exit: 'verification',
    message: (f) => `${f.path}, which came from the cluster, is refused: ${f.fact}`,
    hint: (f) => f.hint,
  },
  CLUSTER_DIFFERS: {
    exit: 'verification',
    message: (f) => `${f.path} has other bytes where the cluster made it (${f.there}) than here (${f.here})`,
    hint: () =>
      'build without --remote, and compare the Go and the machine of the workers with those here: slipway remote check',
  },
  INTERRUPTED: {
    exit: 'interrupted',
    message: (f) => `stopped by ${f.signal}`,
    hint: () => 'run the same command again: what was finished is kept',
  },
};

const textOf = <C extends FailureCode>(failure: FailureOf<C>): FailureText<C> => texts[failure.code] as FailureText<C>;

export const failureMessage = (failure: Failure): string => textOf(failure).message(failure);
export const failureHint = (failure: Failure): string => textOf(failure).hint(failure);
export const failureExit = (failure: Failure): ExitCodeName => textOf(failure).exit;

/** Carries failures out of code that reads or performs; planning returns them instead. Anything else thrown is our bug. */
export class FailureError extends Error {
  readonly failures: readonly Failure[];

  constructor(...failures: readonly Failure[]) {
    super(failures.map((failure) => `${failure.code}: ${failureMessage(failure)}`).join('\n'));
    this.name = 'FailureError';
    this.failures = failures;
  }
}
