import {
  type ExecStep,
  type Environment,
  type GoBuild,
  type GoFlagName,
  type GoToolchain,
  type Place,
  callIn,
  formatGoFlag,
  goTagsOf,
  parseGoFlags,
} from '@slipway/model';
import type { GoListQuery } from '../graph/port.ts';

interface Asked {
  readonly toolchain: GoToolchain;
  /** The environment of every program on this machine. */
  readonly environment: Environment;
  readonly host: Place;
}

/** The environment of a step's program on this machine, apart from its scratch directory. */
export function environmentOf(step: ExecStep, { environment, host }: Pick<Asked, 'environment' | 'host'>): Environment {
  const { env: own, unset } = callIn({ ...step, scratch: undefined }, host);
  const seen = Object.entries({ ...environment, ...own }).filter(([name]) => name in own || !unset.includes(name));
  return Object.fromEntries(seen);
}

/**
 * The query for the packages of a step, on this machine for every place: with the environment and flags of the build.
 */
export function goListQuery(step: ExecStep, build: GoBuild, asked: Asked): GoListQuery {
  const { toolchain, host } = asked;
  const { cwd } = callIn({ ...step, scratch: undefined }, host);
  const env = environmentOf(step, asked);
  const given = parseGoFlags({ words: build.flags });
  const tags = goTagsOf(given).join(',');
  const flags = given.filter(({ name }) => decidesPackages.has(name)).map(formatGoFlag);
  return { platform: build.platform, tags, cgo: build.cgo, flags, cwd, env, toolchain };
}

const decidesPackages: ReadonlySet<string> = new Set<GoFlagName>([
  'race',
  'msan',
  'asan',
  'mod',
  'modfile',
  'overlay',
  'compiler',
  'cover',
]);
