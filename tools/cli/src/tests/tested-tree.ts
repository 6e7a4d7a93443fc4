import type { OutputNames } from '@slipway/plan';
import type { CommandLine } from '../parse-arguments.ts';
import type { Planned } from '../planned.ts';
import type { Services } from '../services.ts';

/** The tree of the tests, and further data for their reports. */
export interface TestedTree {
  readonly root: string;
  readonly names: OutputNames;
  /** `go1.21.7 linux/amd64`. */
  readonly go: string;
  /** Coverage profiles of packages. They may not exist. */
  readonly profiles: readonly string[];
  /** Directories by import path. */
  readonly directories: Readonly<Record<string, string>>;
}

export function testedTree({ plan, facts: { toolchain, machine }, names }: Planned): TestedTree {
  const steps = plan.steps.flatMap((step) => (step.kind === 'exec' && step.tests !== undefined ? [step] : []));
  return {
    ...{ root: plan.root, names, go: `go${toolchain.version} ${machine.platform}` },
    profiles: steps.flatMap(({ outputs }) => outputs),
    directories: Object.assign({}, ...steps.map(({ tests }) => tests)),
  };
}

/** The ports for writing reports. */
export interface Reporting {
  readonly line: CommandLine;
  readonly services: Pick<Services, 'files' | 'progress' | 'environment'>;
}
