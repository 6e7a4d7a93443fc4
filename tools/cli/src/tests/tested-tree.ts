import type { OutputNames } from '@slipway/plan';
import type { CommandLine } from '../parse-arguments.ts';
import type { Planned } from '../planned.ts';
import type { Services } from '../services.ts';

/** Where tests ran, and what reports of them say besides. */
export interface TestedTree {
  readonly root: string;
  readonly names: OutputNames;
  /** `go1.21.7 linux/amd64`. */
  readonly go: string;
  /** Coverage profiles of packages, there or not. */
  readonly profiles: readonly string[];
  /** By import path. */
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

/** What reports are written with. */
export interface Reporting {
  readonly line: CommandLine;
  readonly services: Pick<Services, 'files' | 'progress' | 'environment'>;
}
