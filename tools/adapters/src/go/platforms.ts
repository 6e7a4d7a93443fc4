import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError, parsePlatform, sortPlatforms } from '@slipway/model';
import type { Environment, GoToolchain, Platform } from '@slipway/model';
import { memoryMemo, readOnlyMemo } from '../files/memo.ts';
import type { Memo } from '../files/port.ts';
import type { CommandRunner } from '../process/port.ts';
import { goOnPath, outsideAnyModule } from './installed.ts';
import type { PlatformsRequest } from './port.ts';
import { parseGoVersion } from './version.ts';

/** The output of `go tool dist list`: from the toolchain's source, else from the toolchain, cached. */
export async function listPlatforms(
  request: PlatformsRequest,
  runner: CommandRunner,
  memo: Memo,
): Promise<readonly Platform[]> {
  const { env } = request;
  const toolchain = request.toolchain.absent
    ? ((await goOnPath(env, '/', runner)) ?? request.toolchain)
    : request.toolchain;
  return (await platformsInSource(toolchain)) ?? askPlatforms({ ...request, toolchain }, runner, memo);
}

/** Go 1.21 and later keep the list in a generated file. Reading it starts no process and fills no cache. */
async function platformsInSource({ goroot }: GoToolchain): Promise<Platform[] | undefined> {
  const text = await readFile(join(goroot, 'src/internal/platform/zosarch.go'), 'utf8').catch(() => '');
  const broken = new Set(
    [...text.matchAll(/^\t\{"([a-z0-9]+)", "([a-z0-9]+)"\}: +\{.*Broken: true/gm)].map(
      ([, os, arch]) => `${os}/${arch}`,
    ),
  );
  const listed = [...text.matchAll(/^\t\{"([a-z0-9]+)", "([a-z0-9]+)"\},$/gm)].map(
    ([, os, arch]) => `${os}/${arch}` as Platform,
  );
  const platforms = listed.filter((platform) => !broken.has(platform));
  return platforms.length === 0 ? undefined : sortPlatforms(platforms);
}

async function askPlatforms(
  { toolchain, env, signal }: PlatformsRequest,
  runner: CommandRunner,
  memo: Memo,
): Promise<readonly Platform[]> {
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

const parsePlatforms = (text: string): Platform[] =>
  sortPlatforms(text.split('\n').flatMap((line) => parsePlatform(line.trim()) ?? []));

const pick = (env: Environment, names: readonly string[]): Environment =>
  Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

/** The environment of `go tool dist list`, which may have to build the tool first. */
const DIST_ENVIRONMENT = [
  'PATH',
  'HOME',
  'XDG_CACHE_HOME',
  'GOCACHE',
  'GOTMPDIR',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'LOCALAPPDATA',
  'USERPROFILE',
];
