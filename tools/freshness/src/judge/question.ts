import {
  type Environment,
  type ExecStep,
  type GoFlagName,
  type GoToolchain,
  type GoWork,
  formatGoFlag,
  goTagsOf,
  parseGoFlags,
} from '@slipway/model';
import type { GraphQuestion } from '../graph/port.ts';

interface Asked {
  readonly toolchain: GoToolchain;
  /** Inherited by every step. */
  readonly environment: Environment;
}

/** What Go is asked about the packages of a step: the environment and flags it will be built with. */
export function questionOf(step: ExecStep, go: GoWork, { toolchain, environment }: Asked): GraphQuestion {
  const { cwd, env: own, unset } = go.asked ?? step;
  const env = Object.fromEntries(
    Object.entries({ ...environment, ...own }).filter(([name]) => name in own || !unset.includes(name)),
  );
  const { GOTMPDIR: _scratch, ...asked } = env;
  const given = parseGoFlags({ words: go.flags });
  const tags = goTagsOf(given).join(',');
  const flags = given.filter(({ name }) => decidesPackages.has(name)).map(formatGoFlag);
  return { platform: go.platform, tags, cgo: go.cgo, flags, cwd, env: asked, toolchain };
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
