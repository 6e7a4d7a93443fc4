import type { FailureTexts } from './failure-text.ts';

/** Requests that slipway cannot fulfil. */
export interface AskedFailures {
  UNKNOWN_TARGET: { readonly word: string; readonly nearest: string | undefined };
  UNKNOWN_VARIABLE: { readonly word: string; readonly nearest: string | undefined };
  UNKNOWN_FLAG: { readonly word: string; readonly nearest: string | undefined };
  BAD_USAGE: { readonly fact: string; readonly hint: string };
  BAD_VALUE: { readonly variable: string; readonly value: string; readonly expected: string };
  /** `at` is the position in `text`, counted from 0. */
  BAD_LABEL: { readonly text: string; readonly at: number; readonly fact: string; readonly hint: string };
  UNKNOWN_PLATFORM: {
    readonly word: string;
    readonly nearest: string | undefined;
    /** The valid choices, if the list is short. */
    readonly among?: readonly string[];
  };
  UNKNOWN_WHAT: { readonly word: string; readonly nearest: string | undefined };
  NO_TREE: { readonly dir: string };
  NO_COMMANDS: { readonly root: string };
  NAME_TAKEN: { readonly name: string; readonly targets: readonly string[] };
  BAD_FLAG: {
    readonly flag: string;
    readonly variable: 'WHAT';
    readonly why: string;
    readonly hint: string;
  };
  /** `setting` is NAME=value, from a flag, a variable or a file. */
  GO_SETTING: { readonly setting: string; readonly why: string; readonly hint: string };
  FILE_EXISTS: { readonly path: string };
  FILE_MISSING: { readonly path: string; readonly why: string };
}

/** `operator/cmd/webhook` → `operator-webhook` */
const otherName = (name: string, target: string): string => {
  const before = target.split('/').filter((part) => part !== name && !['.', '..', 'cmd', 'vendor'].includes(part))[0];
  return before === undefined ? `other-${name}` : `${before}-${name}`;
};

const nearestOr = (nearest: string | undefined, otherwise: string): string =>
  nearest === undefined ? otherwise : `did you mean ${nearest}?`;

export const askedFailures: FailureTexts<AskedFailures> = {
  UNKNOWN_TARGET: {
    exit: 'usage',
    message: (f) => `unknown target: ${f.word}`,
    hint: (f) => nearestOr(f.nearest, '`slipway help targets` lists all targets'),
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
  BAD_FLAG: { exit: 'usage', message: (f) => `${f.flag} in ${f.variable}: ${f.why}`, hint: (f) => f.hint },
  GO_SETTING: { exit: 'usage', message: (f) => `${f.setting}: ${f.why}`, hint: (f) => f.hint },
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
};
