import { delimiter, join } from 'node:path';
import type { Environment } from '@slipway/model';
import { goEnvFile, parseGoEnv } from '@slipway/adapters';
import { type Variables, changesBytes, goVariable, isInherited, pickVariables } from '@slipway/catalog';
import { type Disk, openDisk } from './disk.ts';

/** What Go would see: the environment over its env file, and over both what was given after the target. */
export function goSettings(disk: Disk, environment: Environment, variables: Environment): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([name]) => goVariable(name) !== undefined));
  const file = goEnvFile(environment);
  return settled({ ...environment, ...given }, parseGoEnv((file && disk.readText(file)) ?? ''));
}

/** What steps inherit: what Go would see without its env file, which it does not read again. Git that Go asks writes nothing. */
export const inheritedEnvironment = (settings: Variables): Environment => ({
  ...pickVariables(settings, isInherited),
  GOENV: 'off',
  GIT_OPTIONAL_LOCKS: '0',
});

/** What changes bytes among the defaults in GOROOT, for who did not say it. */
export const withDefaults = (environment: Environment, defaults: Environment): Environment =>
  settled(environment, pickVariables(defaults, changesBytes));

export const readDefaults = (disk: Disk, goroot: string): Environment =>
  parseGoEnv(disk.readText(join(goroot, 'go.env')) ?? '');

/** Go takes an empty variable for one that is not set. */
const settled = (first: Environment, otherwise: Environment): Environment => ({
  ...first,
  ...Object.fromEntries(Object.entries(otherwise).filter(([name, value]) => value !== '' && !first[name])),
});

/** The absolute path of a program on PATH; undefined when it is not there. A name with a slash is a path already. */
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
