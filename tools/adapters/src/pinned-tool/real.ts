import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Environment, FailureError, type PinnedTool } from '@slipway/model';
import { cacheDirectory } from '../files/cache-directory.ts';
import { onPath } from '../files/failure.ts';
import { sweepTemporaries, withTemporary } from '../files/temporary.ts';
import type { CommandRunner } from '../process/port.ts';
import { pipArguments, requirement } from './args.ts';
import type { PinnedToolRequest, PinnedTools } from './port.ts';
import { makeDirectories } from '../files/make-directories.ts';

/** Containers may share this cache without seeing each other's processes. No download takes this long. */
const AN_HOUR = 3_600_000;

export function realPinnedTools(runner: CommandRunner): PinnedTools {
  return {
    find: ({ pinnedTool, env }) => programIn(directoryOf(pinnedTool, env), pinnedTool),
    command: ({ pinnedTool, env }) =>
      [...pipArguments(directoryOf(pinnedTool, env) ?? 'DIR'), `${pinnedTool.name}==${pinnedTool.version}`].join(' '),
    install: (request) => install(request, runner),
  };
}

function directoryOf({ name, version }: PinnedTool, env: Environment): string | undefined {
  const cache = cacheDirectory(env);
  return cache === undefined ? undefined : join(cache, 'wheels', `${name}-${version}`);
}

function programIn(directory: string | undefined, { program }: PinnedTool): string | undefined {
  const path = directory === undefined ? undefined : join(directory, program);
  return path !== undefined && existsSync(path) ? path : undefined;
}

async function install(request: PinnedToolRequest, runner: CommandRunner): Promise<string> {
  const { pinnedTool, env } = request;
  const directory = directoryOf(pinnedTool, env);
  if (directory === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `there is no place to install ${pinnedTool.name} to`,
      hint: 'set HOME or XDG_CACHE_HOME',
    });
  await onPath(directory, async () => {
    makeDirectories(dirname(directory));
    await sweepTemporaries(dirname(directory), AN_HOUR);
    await withTemporary(directory, (temporary) => installInto(directory, { ...request, temporary, runner }));
  });
  return join(directory, pinnedTool.program);
}

interface Installing extends PinnedToolRequest {
  readonly temporary: string;
  readonly runner: CommandRunner;
}

/** pip compares each file with the hashes of the requirement before it unpacks it. */
async function installInto(
  directory: string,
  { pinnedTool, env, signal, temporary, runner }: Installing,
): Promise<void> {
  await mkdir(temporary);
  const wanted = join(temporary, 'requirement.txt');
  await writeFile(wanted, requirement(pinnedTool));
  const argv = [...pipArguments(join(temporary, 'files')), '--require-hashes', '--requirement', wanted];
  const {
    exit,
    signal: ended,
    output,
  } = await runner.run({
    argv,
    cwd: temporary,
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  if (exit !== 0) {
    const said = output
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-3)
      .join(' | ');
    throw new FailureError({ code: 'COMMAND_FAILED', command: argv.join(' '), exit: `${exit ?? ended}: ${said}` });
  }
  if (programIn(directory, pinnedTool) === undefined) await rm(directory, { recursive: true, force: true });
  await rename(join(temporary, 'files'), directory).catch((error: unknown) => {
    // Another process installed the same files first.
    if (programIn(directory, pinnedTool) === undefined) throw error;
  });
  await rm(temporary, { recursive: true, force: true });
}
