import { delimiter, join } from 'node:path';
import type { Environment } from '@slipway/model';
import { goEnvFile, parseGoEnv } from '@slipway/adapters';
import { type Variables, changesBytes, goVariable, isInherited, pickVariables } from '@slipway/catalog';
import { type Disk, openDisk } from './disk.ts';

/** Go's settings: the variables after the target override the environment, which overrides Go's env file. */
export function goSettings(disk: Disk, environment: Environment, variables: Environment): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([name]) => goVariable(name) !== undefined));
  const file = goEnvFile(environment);
  return settled({ ...environment, ...given }, parseGoEnv((file && disk.readText(file)) ?? ''));
}

/**
 * The variables that steps inherit: Go's settings, so that Go need not read its env file again. When Go calls git, git
 * must not write.
 */
export const inheritedEnvironment = (settings: Variables): Environment => ({
  ...pickVariables(settings, isInherited),
  GOENV: 'off',
  GIT_OPTIONAL_LOCKS: '0',
});

/** Adds the defaults in GOROOT that change bytes and that the user did not set. */
export const withDefaults = (environment: Environment, defaults: Environment): Environment =>
  settled(environment, pickVariables(defaults, changesBytes));

export const readDefaults = (disk: Disk, goroot: string): Environment =>
  parseGoEnv(disk.readText(join(goroot, 'go.env')) ?? '');

/** Go treats an empty variable as not set. */
const settled = (first: Environment, otherwise: Environment): Environment => ({
  ...first,
  ...Object.fromEntries(Object.entries(otherwise).filter(([name, value]) => value !== '' && !first[name])),
});

/** The absolute path of a program on PATH; undefined if it is missing. A name with a slash is already a path. */
export function findProgram(name: string, environment: Environment, disk = openDisk()): string | undefined {
  const endings = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const directories = name.includes('/')
    ? ['']
    : (environment['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  const candidates = directories.flatMap((dir) =>
    endings.map((ending) => (dir === '' ? name : join(dir, name)) + ending),
  );
  return candidates.find((candidate) => disk.isProgram(candidate));
}
