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

/** What a profile makes of the tree's own call of Go: flags without packages and output, and how Go is started. */
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

/** Turns the tree's own call into the profile's. The compile flags never hold a stamp, so a new stamp only links. */
export function profileCall(profile: Profile, linkage: Linkage, context: Profiling): ProfiledCall {
  const invocation = context.facts.tree.invocations[linkage];
  const call = callsAsTree(profile, context.facts) ? asTheTree(invocation, context) : reproducible(invocation, context);
  // A release takes compiled packages from nobody else.
  return profile === 'release' ? { ...call, unset: [...call.unset, 'GOCACHEPROG'] } : call;
}

/** Through the link in the output, or where the module is. */
const workingDir = (linked: boolean, { facts, names, moduleDir }: Profiling): string =>
  linked ? inOutput(fakeGopathDir(names, facts.tree.goPackage), names) : inTree(moduleDir);

/** Go before 1.13 has neither -trimpath nor a directory for -o: the profiles then differ in their stamps alone. */
export function callsAsTree(profile: Profile, { toolchain }: Pick<Facts, 'toolchain'>): boolean {
  const [, minor = 99] = toolchain.version.split('.').map(Number);
  return profile === 'make' || minor < 13;
}

/** Without modules Go finds a tree by its place below GOPATH, which is a link to where it lies. */
export const throughGopath = (profile: Profile, { tree, toolchain }: Facts): boolean =>
  tree.fakeGopath && (tree.moduleMode === 'gopath' || callsAsTree(profile, { toolchain }));

/** The scripts' flags, GOPATH and logical directory, to the letter: paths and flags end up in the bytes. */
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
 * The same flags with Go's own -trimpath instead of the per-tool one, so that the path of the checkout is in no byte and
 * in no key; nothing of version control is asked by Go.
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
 * Whether Go takes all packages from vendor/. It then needs no module cache, but writes into a binary the sums of those modules
 * the cache happens to have, and of no others: with an empty one the bytes are the same on every machine.
 */
function fromVendor(words: readonly string[], { facts, variables, moduleDir }: Profiling): boolean {
  const { tree, environment } = facts;
  const goFlags = variables['GOFLAGS'] ?? environment['GOFLAGS'];
  const mode = lastGoFlag(parseGoFlags({ goFlags, words }), 'mod');
  return (
    tree.moduleMode !== 'gopath' && moduleDir === '.' && (mode ?? (tree.vendorByDefault ? 'vendor' : '')) === 'vendor'
  );
}

/** What was given after the target reaches Go, as make exports it: GOFLAGS, GOWORK. Of cgo the linkage of each command decides. */
export const givenGoVariables = ({ variables, facts }: Pick<Profiling, 'variables' | 'facts'>): Environment =>
  Object.fromEntries(
    Object.keys(variables)
      .filter((name) => changesBytes(name) && name !== 'CGO_ENABLED')
      .map((name) => [name, facts.environment[name] ?? variables[name]!]),
  );

/** Go finds a go.work by itself, unless it is told one: a module that is not in that one is then Go's to refuse. */
const asksForWorkFile = ({ environment }: Facts): boolean => !['', 'auto'].includes(environment['GOWORK'] ?? '');

/** Without `install`, or `test -c`: the subcommand is the step's own. */
const flagsOf = (invocation: GoInvocation): string[] =>
  invocation.argv.filter((word, index) => !(index === 0 && !word.startsWith('-')) && word !== '-c');

/** `-gcflags=all=-trimpath=@CWD@ -N` → `-gcflags=all=-N`; in 1.14 it is `-gcflags= -trimpath=…`. */
const withoutTrimpath = ({ name, value }: GoFlag): string =>
  name === 'gcflags' || name === 'asmflags' ? value.replace(/^((?:.*[ =])?)-trimpath=\S*\s*/, '$1') : value;

const saysNothing = ({ name, value }: GoFlag): boolean =>
  name === 'tags' ? value === '' : ['gcflags', 'asmflags', 'ldflags'].includes(name) && /^(all=)?\s*$/.test(value);

/** Unless somebody wants it: Go then asks git itself, each time. */
function withoutStamp({ facts, variables }: Profiling): string[] {
  const [, minor = 99] = facts.toolchain.version.split('.').map(Number);
  const isSaid = lastGoFlag(goFlagsOf({ facts, variables }), 'buildvcs') !== undefined;
  return minor < 18 || isSaid ? [] : ['-buildvcs=false'];
}

const goFlagsOf = ({ facts, variables }: Pick<Profiling, 'facts' | 'variables'>): GoFlag[] =>
  parseGoFlags({ goFlags: variables['GOFLAGS'] ?? facts.environment['GOFLAGS'] });
