import { join } from 'node:path/posix';
import {
  CWD,
  type Environment,
  type Facts,
  type GoFlag,
  type GoInvocation,
  type Linkage,
  type Profile,
  STAMPS,
  formatGoFlag,
  lastGoFlag,
  parseGoFlags,
} from '@slipway/model';
import { changesBytes } from '@slipway/catalog';
import { withToolFlags } from './given-flags.ts';
import { type OutputNames, fakeGopathDir, inOutput, inTree } from './names.ts';

/** The tree's own call of Go, changed by a profile: flags without packages and output, and the way Go is started. */
export interface ProfiledCall {
  /** Flags after the subcommand. */
  readonly flags: readonly string[];
  readonly env: Environment;
  readonly unset: readonly string[];
  readonly cwd: string;
}

interface Profiling {
  readonly facts: Facts;
  readonly names: OutputNames;
  readonly variables: Environment;
  readonly stamps: string;
  readonly moduleDir: string;
}

/**
 * Changes the tree's own call for the profile. Compile flags never contain a stamp, so a new stamp only links again.
 */
export function profileCall(profile: Profile, linkage: Linkage, context: Profiling): ProfiledCall {
  const invocation = context.facts.tree.invocations[linkage];
  const call = callsAsTree(profile, context.facts) ? asTheTree(invocation, context) : reproducible(invocation, context);
  // A release uses no compiled packages of others.
  return profile === 'release' ? { ...call, unset: [...call.unset, 'GOCACHEPROG'] } : call;
}

/** Through the link in the output, or in the module's directory. */
const workingDir = (linked: boolean, { facts, names, moduleDir }: Profiling): string =>
  linked ? inOutput(fakeGopathDir(names, facts.tree.goPackage), names) : inTree(moduleDir);

/** Go before 1.13 has neither -trimpath nor a directory for -o. The profiles then differ only in their stamps. */
export function callsAsTree(profile: Profile, { toolchain }: Pick<Facts, 'toolchain'>): boolean {
  const [, minor = 99] = toolchain.version.split('.').map(Number);
  return profile === 'make' || minor < 13;
}

/** Without modules Go needs the tree below GOPATH, so GOPATH contains a link to the root. */
export const throughGopath = (profile: Profile, { tree, toolchain }: Facts): boolean =>
  tree.fakeGopath && (tree.moduleMode === 'gopath' || callsAsTree(profile, { toolchain }));

/** Exactly the scripts' flags, GOPATH and logical directory, because paths and flags affect the bytes. */
function asTheTree(invocation: GoInvocation, context: Profiling): ProfiledCall {
  const { facts, names, stamps } = context;
  const { tree } = facts;
  const gopath = inOutput(names.gopath, names);
  const cwd = workingDir(tree.fakeGopath, context);
  const flags = flagsOf(invocation).map((flag) => flag.replaceAll(CWD, () => cwd).replaceAll(STAMPS, () => stamps));
  const inherited = facts.environment;
  const env: Record<string, string> = tree.fakeGopath
    ? {
        GOPATH: gopath,
        GOCACHE: inherited['GOCACHE'] || join(gopath, 'cache/build'),
        GOMODCACHE: inherited['GOMODCACHE'] || join(gopath, 'cache/mod'),
        GO15VENDOREXPERIMENT: '1',
      }
    : {};
  return { flags, env: { ...env, ...givenGoVariables(context), ...invocation.env }, unset: ['GOBIN'], cwd };
}

/**
 * The same flags with Go's own -trimpath instead of the tools' flag, so that no byte and no key contains the path of
 * the checkout. Go does not query version control.
 */
function reproducible(invocation: GoInvocation, context: Profiling): ProfiledCall {
  const { facts, names, stamps, moduleDir } = context;
  const flags = parseGoFlags({ words: flagsOf(invocation) })
    .filter(({ name }) => name !== 'installsuffix')
    .map((flag) => ({ ...flag, value: withoutTrimpath(flag).replaceAll(STAMPS, () => stamps) }))
    .filter((flag) => !saysNothing(flag))
    .map(formatGoFlag);
  const modern = facts.tree.moduleMode !== 'gopath';
  const outsideWorkspace: Environment =
    facts.tree.moduleMode === 'workspace' && moduleDir !== '.' && !asksForWorkFile(facts) ? { GOWORK: 'off' } : {};
  const { GO111MODULE: _mode, GOPROXY: _proxy, ...env } = invocation.env;
  const linked = throughGopath('dev', facts);
  return {
    flags: ['-trimpath', ...(modern ? withoutStamp(context) : []), ...withToolFlags(flags, goFlagsOf(context))],
    env: {
      ...(modern ? env : invocation.env),
      ...(linked ? { GOPATH: inOutput(names.gopath, names) } : {}),
      ...givenGoVariables(context),
      ...outsideWorkspace,
      ...(fromVendor(flags, context) ? { GOMODCACHE: inOutput(names.noModules, names) } : {}),
    },
    unset: ['GOBIN', ...(modern ? ['GO111MODULE'] : [])],
    cwd: workingDir(linked, context),
  };
}

/**
 * Reports whether Go takes all packages from vendor/. It then needs no module cache, but writes into a binary the sums
 * of those modules that the cache contains. With an empty cache the bytes are the same on every machine.
 */
function fromVendor(words: readonly string[], { facts, variables, moduleDir }: Profiling): boolean {
  const { tree, environment } = facts;
  const goFlags = variables['GOFLAGS'] ?? environment['GOFLAGS'];
  const mode = lastGoFlag(parseGoFlags({ goFlags, words }), 'mod');
  return (
    tree.moduleMode !== 'gopath' && moduleDir === '.' && (mode ?? (tree.vendorByDefault ? 'vendor' : '')) === 'vendor'
  );
}

/**
 * Variables after the target that Go gets, as make exports them: GOFLAGS, GOWORK. The linkage of each command decides
 * cgo.
 */
export const givenGoVariables = ({ variables, facts }: Pick<Profiling, 'variables' | 'facts'>): Environment =>
  Object.fromEntries(
    Object.keys(variables)
      .filter((name) => changesBytes(name) && name !== 'CGO_ENABLED')
      .map((name) => [name, facts.environment[name] ?? variables[name]!]),
  );

/** Go finds a go.work unless GOWORK names one. A module outside the named one is Go's error. */
const asksForWorkFile = ({ environment }: Facts): boolean => !['', 'auto'].includes(environment['GOWORK'] ?? '');

/** The flags of a call of Go, without its subcommand (`install`, `test -c`), which each step adds. */
const flagsOf = (invocation: GoInvocation): string[] =>
  invocation.argv.filter((word, index) => !(index === 0 && !word.startsWith('-')) && word !== '-c');

/** `-gcflags=all=-trimpath=@CWD@ -N` → `-gcflags=all=-N`; in 1.14 it is `-gcflags= -trimpath=…`. */
const withoutTrimpath = ({ name, value }: GoFlag): string =>
  name === 'gcflags' || name === 'asmflags' ? value.replace(/^((?:.*[ =])?)-trimpath=\S*\s*/, '$1') : value;

const saysNothing = ({ name, value }: GoFlag): boolean =>
  name === 'tags' ? value === '' : ['gcflags', 'asmflags', 'ldflags'].includes(name) && /^(all=)?\s*$/.test(value);

/** Go does not stamp from git, unless the user wants it: then Go calls git each time. */
function withoutStamp({ facts, variables }: Profiling): string[] {
  const [, minor = 99] = facts.toolchain.version.split('.').map(Number);
  const isSaid = lastGoFlag(goFlagsOf({ facts, variables }), 'buildvcs') !== undefined;
  return minor < 18 || isSaid ? [] : ['-buildvcs=false'];
}

const goFlagsOf = ({ facts, variables }: Pick<Profiling, 'facts' | 'variables'>): GoFlag[] =>
  parseGoFlags({ goFlags: variables['GOFLAGS'] ?? facts.environment['GOFLAGS'] });
