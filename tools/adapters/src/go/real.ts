import { join, parse } from 'node:path';
import { FailureError, parsePlatform, sortPlatforms } from '@slipway/model';
import type { Environment, GoToolchain, Platform } from '@slipway/model';
import { memoryMemo, readOnlyMemo } from '../files/memo.ts';
import type { Memo } from '../files/port.ts';
import type { CommandRunner } from '../process/port.ts';
import { hostPair, moduleCache } from './go-env.ts';
import { goOnPath, ownToolchainDirectory, toolchainAt } from './installed.ts';
import type { GoFinder, GoRequest, PlatformsRequest } from './port.ts';
import { pinnedToolchain } from './toolchain-hashes.ts';
import type { PinnedToolchain } from './toolchain-hashes.ts';
import { compareGoVersions, parseGoVersion } from './version.ts';
import { fits, wantedGo } from './wanted.ts';
import type { WantedVersion } from './wanted.ts';

export interface GoFinderParts {
  readonly runner: CommandRunner;
  readonly memo: Memo;
  /** Ours, unless a test has another. */
  readonly pinned?: PinnedToolchain;
}

/** The first Go that can fetch other versions of itself. */
const FIRST_SWITCHING = '1.21.0';

export function realGoFinder({ runner, memo, pinned = pinnedToolchain }: GoFinderParts): GoFinder {
  return {
    findGo: (request) => findGo(request, runner, pinned),
    listPlatforms: (request) => listPlatforms(request, runner, memo),
  };
}

async function findGo(request: GoRequest, runner: CommandRunner, pinned: PinnedToolchain): Promise<GoToolchain> {
  const wanted = wantedGo(request);
  const host = await goOnPath(request.env, request.root, runner);
  if (wanted.kind === 'host') {
    if (host !== undefined) return host;
    throw new FailureError({ code: 'TOOL_MISSING', tool: 'go', why: `${wanted.from} asks for the one on PATH`, hint: `unset ${wanted.from.split('=')[0]}, or put a Go on PATH` });
  }
  if (host !== undefined && fits(host.version, wanted)) return host;
  return (await findPresent(wanted, request.env, pinned)) ?? download({ wanted, host, request, runner, pinned });
}

/** One that was downloaded before, by Go or by us. */
async function findPresent(wanted: WantedVersion, env: Environment, pinned: PinnedToolchain): Promise<GoToolchain | undefined> {
  const modules = moduleCache(env);
  const version = wanted.version ?? pinned.version;
  const directories = [
    modules && join(modules, 'golang.org', `toolchain@v0.0.1-go${version}.${hostPair()}`),
    ownToolchainDirectory(env, version),
    ownToolchainDirectory(env, pinned.version),
  ];
  for (const directory of directories) {
    const present = directory === undefined ? undefined : await toolchainAt(directory);
    if (present !== undefined && fits(present.version, wanted)) return present;
  }
  return undefined;
}

interface Downloading {
  readonly wanted: WantedVersion;
  readonly host: GoToolchain | undefined;
  readonly request: GoRequest;
  readonly runner: CommandRunner;
  readonly pinned: PinnedToolchain;
}

/** By a Go that is here, as Go itself switches; else with the pinned one, which may be the one that is wanted. */
async function download({ wanted, host, request, runner, pinned }: Downloading): Promise<GoToolchain> {
  const facts: string[] = host === undefined ? ['there is no go on PATH'] : [`go on PATH is ${host.version}`];
  const unavailable = (): FailureError =>
    new FailureError({ code: 'GO_UNAVAILABLE', version: wanted.version ?? pinned.version, from: wanted.from, fact: facts.join('; ') });
  if (!wanted.mayDownload) {
    facts.push('GOTOOLCHAIN forbids downloads');
    throw unavailable();
  }
  if (host !== undefined && compareGoVersions(host.version, FIRST_SWITCHING) >= 0) {
    const switched = await switchTo(wanted.version ?? pinned.version, { by: host, request, runner });
    if ('command' in switched) return switched;
    facts.push(switched.fact);
    if (!fits(pinned.version, wanted)) throw unavailable();
  }
  const bootstrap = await presentOrDownloadedPinned(request, pinned);
  if ('command' in bootstrap && fits(bootstrap.version, wanted)) return bootstrap;
  const last = 'command' in bootstrap ? await switchTo(wanted.version ?? pinned.version, { by: bootstrap, request, runner }) : bootstrap;
  if ('command' in last) return last;
  facts.push(last.fact);
  throw unavailable();
}

async function presentOrDownloadedPinned(request: GoRequest, pinned: PinnedToolchain): Promise<GoToolchain | { readonly fact: string }> {
  const directory = ownToolchainDirectory(request.env, pinned.version);
  const present = directory === undefined ? undefined : await toolchainAt(directory);
  if (present !== undefined) return present;
  const { downloadPinned } = await import('./pinned.ts');
  const { env, signal } = request;
  return downloadPinned({ pinned, env, signal, progress: (message) => request.progress?.(message) });
}

interface Switching {
  readonly by: GoToolchain;
  readonly request: GoRequest;
  readonly runner: CommandRunner;
}

/** Has a Go download another version of itself into the module cache, checked against the checksum database as ever. */
async function switchTo(version: string, { by, request, runner }: Switching): Promise<GoToolchain | { readonly fact: string }> {
  const { GOFLAGS: _flags, GO111MODULE: _mode, GOWORK: _work, GOROOT: _root, ...env } = request.env;
  request.progress?.(`go ${by.version} downloads go ${version}`);
  const result = await runner.run({
    argv: [by.command, 'env', 'GOROOT'],
    cwd: outsideAnyModule(by),
    env: { ...env, GOTOOLCHAIN: `go${version}` },
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  if (result.exit !== 0) return { fact: whatGoSaid(result.stderr) || `go ${by.version} could not fetch it` };
  return (await toolchainAt(result.stdout.trim())) ?? { fact: `go ${by.version} fetched no usable Go to ${result.stdout.trim()}` };
}

/** One line, without the news of what was being downloaded. */
const whatGoSaid = (stderr: string): string => stderr.replace(/^go: downloading .*$/gm, '').trim().replace(/\s+/g, ' ');

/** Inherited by `go tool dist list`; it may have to build the tool first. */
const DIST_ENVIRONMENT = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'GOCACHE', 'GOTMPDIR', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LOCALAPPDATA', 'USERPROFILE'];

async function listPlatforms({ toolchain, env, signal }: PlatformsRequest, runner: CommandRunner, memo: Memo): Promise<readonly Platform[]> {
  const key = `go tool dist list ${toolchain.version}`;
  const memory = parseGoVersion(toolchain.version)?.devel === false ? memo : readOnlyMemo(memoryMemo());
  const known = memory.get(key);
  if (known !== undefined) return parsePlatforms(known);
  const result = await runner.run({
    argv: [toolchain.command, 'tool', 'dist', 'list'],
    cwd: outsideAnyModule(toolchain),
    env: { ...pick(env, DIST_ENVIRONMENT), GOTOOLCHAIN: 'local', GOENV: 'off' },
    ...(signal === undefined ? {} : { signal }),
  });
  const platforms = parsePlatforms(result.stdout);
  if (result.exit !== 0 || platforms.length === 0) {
    const exit = `${result.exit ?? result.signal}: ${result.stderr.trim()}`;
    throw new FailureError({ code: 'COMMAND_FAILED', command: `${toolchain.command} tool dist list`, exit });
  }
  memory.set(key, result.stdout);
  return platforms;
}

const parsePlatforms = (text: string): Platform[] => sortPlatforms(text.split('\n').flatMap((line) => parsePlatform(line.trim()) ?? []));

const pick = (env: Environment, names: readonly string[]): Environment =>
  Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

/** A go.mod in the directory Go is run in would have a say. */
const outsideAnyModule = (toolchain: GoToolchain): string => parse(toolchain.goroot).root;
