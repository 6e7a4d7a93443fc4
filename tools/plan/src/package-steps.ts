import type { Command, Environment, ExecStep, Facts, Profile, StepId } from '@slipway/model';
import { outputNames } from './names.ts';
import type { Planning } from './planning.ts';
import { goBuildStep } from './steps/go-build.ts';

/**
 * Steps that would compile these packages for this machine, one for each module. They are not run; slipway reads from
 * them what the packages need.
 */
export function packageSteps(
  facts: Facts,
  { profile, variables }: { readonly profile: Profile; readonly variables: Environment },
  packages: readonly Command[],
): ExecStep[] {
  const planning: Planning = {
    facts,
    profile,
    variables,
    names: outputNames(variables),
    gitVersion: '',
    stamps: '',
    goFlags: [],
    linkedAlike: false,
    place: 'host',
  };
  const { platform } = facts.machine;
  return [...Map.groupBy(packages, ({ moduleDir }) => moduleDir)].map(([moduleDir, commands]) =>
    goBuildStep(
      { platform, linkage: 'cgo', commands, moduleDir, compileOnly: true, cover: false },
      `packages:${moduleDir}` as StepId,
      planning,
    ),
  );
}
