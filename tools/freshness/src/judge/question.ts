import type { Environment, ExecStep, GoToolchain, GoWork } from '@slipway/model';
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
  const tags = go.flags.findLast((flag) => flag.startsWith('-tags='))?.slice('-tags='.length) ?? '';
  const flags = go.flags.filter((flag) => /^--?(race|msan|asan|mod=|modfile=|overlay=|compiler=|cover$)/.test(flag));
  return { platform: go.platform, tags, cgo: go.cgo, flags, cwd, env: asked, toolchain };
}
