import type { FailureTexts } from './failure-text.ts';

/** Failures in a run, and what a run lacks on this machine. */
export interface RunFailures {
  TOOL_MISSING: { readonly tool: string; readonly why: string; readonly hint: string };
  GO_UNAVAILABLE: { readonly version: string; readonly from: string; readonly fact: string };
  HASH_MISMATCH: { readonly what: string; readonly expected: string; readonly actual: string };
  /** `first` is the first error that the command printed, with its file and line. */
  COMMAND_FAILED: { readonly command: string; readonly exit: number | string; readonly first?: string };
  NO_TESTS: { readonly root: string; readonly untested: readonly string[] };
  /** Import paths, each with its failed tests. A package without tests here failed as a whole. */
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
  /** `hint` is for paths that should not be made writable. */
  NOT_WRITABLE: { readonly path: string; readonly fact: string; readonly hint?: string };
  DISK_FULL: { readonly path: string };
  /** A symbolic link in a path that a run writes or removes. */
  FOREIGN_LINK: { readonly path: string; readonly target: string; readonly fact: string; readonly hint: string };
  COMMAND_ENDED: { readonly command: string; readonly exit: number };
  INTERRUPTED: { readonly signal: string };
}

export const runFailures: FailureTexts<RunFailures> = {
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
      `install Go ${f.version} and put it first on PATH, set GOPROXY to a module proxy, choose another one (GO_VERSION=…), or FORCE_HOST_GO=y to use the Go on PATH as it is`,
  },
  HASH_MISMATCH: {
    exit: 'verification',
    message: (f) => `${f.what} is not what it should be: expected ${f.expected}, got ${f.actual}`,
    hint: () => 'nothing was kept; check the proxy or mirror it came from',
  },
  COMMAND_FAILED: {
    exit: 'failed',
    message: (f) => `${f.first === undefined ? '' : `${f.first}\n  `}${f.command} ended with ${f.exit}`,
    hint: (f) =>
      f.first === undefined
        ? 'see its output above'
        : `correct ${f.first.replace(/(:\d+): .*/, '$1')}; see the whole output above; -n shows the whole call`,
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
  CHECK_FAILED: {
    exit: 'verification',
    message: (f) => `${f.kind}-${f.name} ended with ${f.exit}`,
    hint: (f) => f.remedy ?? 'see its output above',
  },
  CHECK_TOO_SLOW: {
    exit: 'verification',
    message: (f) => `verify-${f.name} took ${f.seconds.toFixed(1)} s; its budget is ${f.budget} s`,
    hint: () => 'make it faster, or change verify.budget in slipway.config.ts',
  },
  NOT_WRITABLE: {
    exit: 'failed',
    message: (f) => `${f.path} cannot be written: ${f.fact}`,
    hint: (f) => f.hint ?? 'make it writable, or choose another place: OUT_DIR=/some/dir',
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
  COMMAND_ENDED: {
    exit: 'failed',
    message: (f) => `${f.command} ended with ${f.exit}`,
    hint: () => 'see its output above',
  },
  INTERRUPTED: {
    exit: 'interrupted',
    message: (f) => `stopped by ${f.signal}`,
    hint: () => 'run the same command again: what was finished is kept',
  },
};
