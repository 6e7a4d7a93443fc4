import { join } from 'node:path';
import { FailureError } from '@slipway/model';
import type { Environment, GoRequirement, GoToolchain } from '@slipway/model';
import type { Memo } from '../files/port.ts';
import type { CommandRunner } from '../process/port.ts';
import { hostPair, moduleCache } from './go-env.ts';
import { goOnPath, outsideAnyModule, ownToolchainDirectory, toolchainAt } from './installed.ts';
import { listPlatforms } from './platforms.ts';
import type { GoFinder, GoRequest } from './port.ts';
import { pinnedToolchain } from './toolchain-hashes.ts';
import type { PinnedToolchain } from './toolchain-hashes.ts';
import { compareGoVersions, releaseOf } from './version.ts';
import { fits, wantedGo } from './wanted.ts';
import type { WantedGo, WantedVersion } from './wanted.ts';

export interface GoFinderParts {
  readonly runner: CommandRunner;
  readonly memo: Memo;
  /** Slipway's pinned Go, unless a test passes another. */
  readonly pinned?: PinnedToolchain;
  /** Downloads nothing: a toolchain that would be downloaded is returned as absent. */
  readonly offline?: boolean;
}

/** The first Go version that can download others. */
const FIRST_SWITCHING = '1.21.0';

export function realGoFinder({ runner, memo, pinned = pinnedToolchain, offline = false }: GoFinderParts): GoFinder {
  return {
    findGo: (request) => findGo(request, { runner, pinned, offline }),
    listPlatforms: (request) => listPlatforms(request, runner, memo),
  };
}

interface Finding {
  readonly runner: CommandRunner;
  readonly pinned: PinnedToolchain;
  readonly offline: boolean;
}

async function findGo(request: GoRequest, finding: Finding): Promise<GoToolchain> {
  const wanted = wantedGo(request);
  const found = await findWanted(wanted, request, finding);
  const { requirement } = request;
  if (requirement === undefined) return found;
  refuseTooOld(found, requirement, wanted);
  const { version, from } = requirement;
  const asked = { kind: 'version', version: releaseOf(version), exact: requirement.exact } as const;
  return fits(found.version, { ...asked, from, mayDownload: false })
    ? found
    : { ...found, instead: { version, from, by: wanted.from } };
}

/** The same check that scripts of the tree run before a build. */
function refuseTooOld({ version }: GoToolchain, { minimum }: GoRequirement, { from }: WantedGo): void {
  if (minimum === undefined || compareGoVersions(version, minimum) >= 0) return;
  const why = `Go ${version} would build, and hack/lib/golang.sh wants ${minimum} or newer`;
  const hint = `unset ${from.split('=')[0]}, or say a newer Go there`;
  throw new FailureError({ code: 'GO_SETTING', setting: from, why, hint });
}

async function findWanted(
  wanted: WantedGo,
  request: GoRequest,
  { runner, pinned, offline }: Finding,
): Promise<GoToolchain> {
  const host = await goOnPath(request.env, request.root, runner);
  if (wanted.kind === 'host') {
    if (host !== undefined) return host;
    throw new FailureError({
      code: 'TOOL_MISSING',
      tool: 'go',
      why: `${wanted.from} asks for the one on PATH`,
      hint: `unset ${wanted.from.split('=')[0]}, or put a Go on PATH`,
    });
  }
  if (host !== undefined && fits(host.version, wanted)) return host;
  const present = await findPresent(wanted, request.env, pinned);
  if (present !== undefined) return present;
  return offline ? foretell(wanted, host, request, pinned) : download({ wanted, host, request, runner, pinned });
}

/** The place of a future download, which only an installed Go can tell. */
function foretell(
  wanted: WantedVersion,
  host: GoToolchain | undefined,
  { env }: GoRequest,
  pinned: PinnedToolchain,
): GoToolchain {
  const modules = moduleCache(env);
  const version = wanted.version ?? pinned.version;
  if (
    host === undefined ||
    modules === undefined ||
    !wanted.mayDownload ||
    compareGoVersions(host.version, FIRST_SWITCHING) < 0
  ) {
    throw new FailureError({
      code: 'GO_UNAVAILABLE',
      version,
      from: wanted.from,
      fact: 'a dry run downloads nothing; slipway version downloads it',
    });
  }
  const goroot = join(modules, 'golang.org', `toolchain@v0.0.1-go${version}.${hostPair()}`);
  return { command: join(goroot, 'bin', 'go'), goroot, version, absent: true };
}

/** One that Go or slipway downloaded earlier. */
async function findPresent(
  wanted: WantedVersion,
  env: Environment,
  pinned: PinnedToolchain,
): Promise<GoToolchain | undefined> {
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

/** By an installed Go, as Go itself switches; else with the pinned one, which may be the required one. */
async function download({ wanted, host, request, runner, pinned }: Downloading): Promise<GoToolchain> {
  const facts: string[] = host === undefined ? ['there is no go on PATH'] : [`go on PATH is ${host.version}`];
  const unavailable = (): FailureError =>
    new FailureError({
      code: 'GO_UNAVAILABLE',
      version: wanted.version ?? pinned.version,
      from: wanted.from,
      fact: facts.join('; '),
    });
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
  const last =
    'command' in bootstrap
      ? await switchTo(wanted.version ?? pinned.version, { by: bootstrap, request, runner })
      : bootstrap;
  if ('command' in last) return last;
  facts.push(last.fact);
  throw unavailable();
}

async function presentOrDownloadedPinned(
  request: GoRequest,
  pinned: PinnedToolchain,
): Promise<GoToolchain | { readonly fact: string }> {
  const directory = ownToolchainDirectory(request.env, pinned.version);
  const present = directory === undefined ? undefined : await toolchainAt(directory);
  if (present !== undefined) return present;
  const { downloadPinned } = await import('./pinned.ts');
  const { env, signal } = request;
  return downloadPinned({ pinned, env, signal, progress: (...said) => request.progress?.(...said) });
}

interface Switching {
  readonly by: GoToolchain;
  readonly request: GoRequest;
  readonly runner: CommandRunner;
}

/** Makes a Go download another version into the module cache, verified by the checksum database. */
async function switchTo(
  version: string,
  { by, request, runner }: Switching,
): Promise<GoToolchain | { readonly fact: string }> {
  const { GOFLAGS: _flags, GO111MODULE: _mode, GOWORK: _work, GOROOT: _root, ...env } = request.env;
  request.progress?.(`go ${by.version} downloads go ${version}`);
  const result = await runner.run({
    argv: [by.command, 'env', 'GOROOT'],
    cwd: outsideAnyModule(by),
    env: { ...env, GOTOOLCHAIN: `go${version}` },
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  if (result.exit !== 0) return { fact: whatGoSaid(result.stderr) || `go ${by.version} could not fetch it` };
  return (
    (await toolchainAt(result.stdout.trim())) ?? {
      fact: `go ${by.version} fetched no usable Go to ${result.stdout.trim()}`,
    }
  );
}

/** One line, without Go's progress messages. */
const whatGoSaid = (stderr: string): string =>
  stderr
    .replace(/^go: downloading .*$/gm, '')
    .trim()
    .replace(/\s+/g, ' ');
