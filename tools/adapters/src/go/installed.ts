import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, parse } from 'node:path';
import type { Environment, GoToolchain } from '@slipway/model';
import { cacheDirectory } from '../files/cache-directory.ts';
import type { CommandRunner } from '../process/port.ts';
import { hostPair } from './go-env.ts';
import { compareGoVersions, parseGoVersion, withoutGo } from './version.ts';

const GO = process.platform === 'win32' ? 'go.exe' : 'go';

/** The Go in this GOROOT, if it is complete and executable. Starts no process. */
export async function toolchainAt(goroot: string): Promise<GoToolchain | undefined> {
  const command = join(goroot, 'bin', GO);
  const version = (await readFile(join(goroot, 'VERSION'), 'utf8').catch(() => '')).split('\n')[0]!.trim();
  if (
    parseGoVersion(version) === undefined ||
    !(await isExecutable(command)) ||
    !(await exists(join(goroot, 'src', ...lastUnpacked(version))))
  )
    return undefined;
  return { command, goroot, version: withoutGo(version) };
}

/** The file that Go renames last when it unpacks. Before 1.13 the standard library was not a module. */
const lastUnpacked = (version: string): string[] =>
  compareGoVersions(withoutGo(version), '1.13') < 0 ? ['unsafe', 'unsafe.go'] : ['go.mod'];

/** The place of this version in slipway's cache; undefined without a home directory. */
export function ownToolchainDirectory(env: Environment, version: string): string | undefined {
  const cache = cacheDirectory(env);
  return cache === undefined ? undefined : join(cache, 'go', `go${version}.${hostPair()}`);
}

/** The first go on PATH. It runs only if there is no version file beside it, as with a version manager's shim. */
export async function goOnPath(
  env: Environment,
  root: string,
  runner: CommandRunner,
): Promise<GoToolchain | undefined> {
  const found = await firstOnPath(env['PATH'] ?? '');
  if (found === undefined) return undefined;
  const goroot = dirname(dirname(await realpath(found)));
  return (await toolchainAt(goroot)) ?? askGo(found, env, root, runner);
}

async function askGo(
  command: string,
  env: Environment,
  root: string,
  runner: CommandRunner,
): Promise<GoToolchain | undefined> {
  const asked = await runner
    .run({ argv: [command, 'env', 'GOROOT', 'GOVERSION'], cwd: root, env: { ...env, GOTOOLCHAIN: 'local' } })
    .catch(() => undefined);
  const [goroot = '', version = ''] = asked?.exit === 0 ? asked.stdout.split('\n') : [];
  if (!isAbsolute(goroot) || parseGoVersion(version) === undefined) return undefined;
  const direct = join(goroot, 'bin', GO);
  return { command: (await isExecutable(direct)) ? direct : command, goroot, version: withoutGo(version) };
}

/** A go.mod in Go's working directory would affect the answer. */
export const outsideAnyModule = (toolchain: GoToolchain): string => parse(toolchain.goroot).root;

async function firstOnPath(path: string): Promise<string | undefined> {
  for (const directory of path.split(delimiter).filter(isAbsolute)) {
    if (await isExecutable(join(directory, GO))) return join(directory, GO);
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
