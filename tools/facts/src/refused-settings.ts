import { existsSync as exists } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import {
  type Environment,
  type Failure,
  FailureError,
  type GoFlag,
  type GoFlagName,
  type GoToolchain,
  type Tree,
  archOf,
  formatGoFlag,
  lastGoFlag,
  osOf,
  overlaidFiles,
  parseGoFlags,
  splitQuoted,
} from '@slipway/model';
import { parseGoMod, parseGoWork } from '@slipway/adapters';
import { findProgram } from './environment.ts';
import { type Disk, realPath } from './disk.ts';
import { hostPlatform } from './machine.ts';

interface Judged {
  /** Go's settings without the defaults in GOROOT. */
  readonly settings: Environment;
  readonly defaults: Environment;
  readonly tree: Tree;
  readonly disk: Disk;
  readonly variables: Environment;
  readonly toolchain: GoToolchain;
}

/** Refuses settings that plain Go follows and slipway does not, from every source. Throws GO_SETTING. */
export function refuseSettings(judged: Judged): void {
  const failures = [
    ...otherMode(judged),
    ...otherPlatform(judged),
    ...otherRoot(judged),
    ...lateSettings(judged),
    ...otherOutputs(judged),
    ...otherRepository(judged),
    ...otherModules(judged),
  ];
  if (failures.length > 0) throw new FailureError(...failures);
}

/** Flags of Go whose result is not a command in its place. */
const NO_COMMAND: readonly {
  readonly flag: GoFlagName;
  readonly isSo: (value: string) => boolean;
  readonly why: string;
}[] = [
  {
    flag: 'buildmode',
    isSo: (value) => !['', 'default', 'exe', 'pie'].includes(value),
    why: 'its output is not a command',
  },
  { flag: 'n', isSo: (value) => value === 'true', why: 'Go would print its commands and build nothing' },
  { flag: 'o', isSo: () => true, why: 'slipway decides where Go writes' },
  { flag: 'C', isSo: () => true, why: 'slipway decides where Go runs' },
];

function otherOutputs(judged: Judged): Failure[] {
  const given = flagsOf(judged);
  return NO_COMMAND.flatMap(({ flag, isSo, why }) => {
    const value = lastGoFlag(given, flag);
    if (value === undefined || !isSo(value)) return [];
    const word = formatGoFlag({ name: flag, value, known: true });
    return [refused(word, why, `leave ${word} out, and call go itself where you want it`)];
  });
}

const flagsOf = (judged: Judged): readonly GoFlag[] =>
  parseGoFlags({ goFlags: valueOf(judged, 'GOFLAGS'), words: splitQuoted(judged.variables['WHAT'] ?? '') });

const refused = (setting: string, why: string, hint: string): Failure => ({ code: 'GO_SETTING', setting, why, hint });

const valueOf = ({ settings, defaults }: Judged, name: string): string => settings[name] || defaults[name] || '';

function otherMode(judged: Judged): Failure[] {
  if (valueOf(judged, 'GO111MODULE') !== 'off' || judged.tree.moduleMode === 'gopath') return [];
  const unset = 'unset GO111MODULE, and go env -u GO111MODULE where Go remembers it';
  return [refused('GO111MODULE=off', 'this tree is built with modules', unset)];
}

/** Requested platforms override GOOS and GOARCH, as in the scripts. */
function otherPlatform(judged: Judged): Failure[] {
  if (judged.variables['KUBE_BUILD_PLATFORMS']) return [];
  const host = hostPlatform();
  const [os, arch] = [valueOf(judged, 'GOOS') || osOf(host), valueOf(judged, 'GOARCH') || archOf(host)];
  if (os === osOf(host) && arch === archOf(host)) return [];
  const [name, value] = os === osOf(host) ? ['GOARCH', arch] : ['GOOS', os];
  const why = `slipway builds for ${host}, where no other platform is named`;
  return [refused(`${name}=${value}`, why, `KUBE_BUILD_PLATFORMS=${os}/${arch}, or unset ${name}`)];
}

/** A downloaded Go finds its own GOROOT, as it does when Go itself downloads it. */
function otherRoot({ settings, toolchain, disk }: Judged): Failure[] {
  const given = settings['GOROOT'];
  const onPath = findProgram('go', settings, disk);
  if (!given || onPath === undefined || realPath(onPath) !== realPath(toolchain.command)) return [];
  if (realPath(given) === realPath(toolchain.goroot)) return [];
  return [
    refused(`GOROOT=${given}`, `the go on PATH has its root in ${toolchain.goroot}`, 'unset GOROOT, or change PATH'),
  ];
}

/** A tree belongs to the repository that contains it. A user who names another one expects that one's version. */
function otherRepository({ settings, tree, variables }: Judged): Failure[] {
  const given = settings['GIT_DIR'];
  if (!given || variables['KUBE_GIT_VERSION_FILE'] || tree.archive !== undefined || liesInRepository(tree.root))
    return [];
  const why = 'the tree lies in no repository, and no other one says its version';
  return [refused(`GIT_DIR=${given}`, why, 'unset GIT_DIR, or name a file in KUBE_GIT_VERSION_FILE')];
}

const liesInRepository = (directory: string): boolean =>
  exists(join(directory, '.git')) || (dirname(directory) !== directory && liesInRepository(dirname(directory)));

/**
 * Slipway reads the modules of a tree and their Go version from the existing files. Only Go reads what they require.
 */
function otherModules(judged: Judged): Failure[] {
  const overlay = lastGoFlag(flagsOf(judged), 'overlay');
  if (!overlay) return [];
  const { root } = judged.tree;
  const read = ([path, parse]: readonly [string, typeof parseGoMod | typeof parseGoWork]): string => {
    const text = path === '' ? undefined : judged.disk.readText(resolve(root, path));
    return text === undefined ? '' : JSON.stringify(parse(text, path));
  };
  return overlaidFiles(judged.disk.readText(resolve(root, overlay)) ?? '').flatMap(([from, to]) => {
    const name = relative(root, resolve(root, from));
    const parse = { 'go.mod': parseGoMod, 'go.work': parseGoWork }[basename(name)];
    if (parse === undefined || name.startsWith('..') || read([from, parse]) === read([to, parse])) return [];
    const why = `it puts another module, Go version or workspace in the place of ${name}, and slipway reads what is there`;
    return [refused(`-overlay=${overlay}`, why, `change ${name}; or name another go.mod of the root with -modfile`)];
  });
}

/** The tree was read before the Go that builds it was known. */
function lateSettings({ settings, defaults, toolchain }: Judged): Failure[] {
  return ['GOWORK', 'GO111MODULE'].flatMap((name) =>
    !defaults[name] || settings[name]
      ? []
      : [
          refused(
            `${name}=${defaults[name]}`,
            `it stands in ${toolchain.goroot}/go.env, where slipway does not follow it`,
            `go env -w ${name}=${defaults[name]}, which says the same`,
          ),
        ],
  );
}
