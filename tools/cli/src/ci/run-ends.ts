import type { CacheTraffic, EventOf } from '@slipway/model';
import { type Reporter, watched } from '../report/reporter.ts';

export type StepEnd = EventOf<'step-finished'>;

/** How the steps of a run ended, for CI reports. */
export class RunEnds {
  readonly steps: StepEnd[] = [];
  end: EventOf<'run-finished'> | undefined;
  traffic: CacheTraffic | undefined;

  /** Passes everything on. */
  watching(next: Reporter): Reporter {
    return watched(next, (event) => {
      if (event.kind === 'step-finished') this.steps.push(event);
      if (event.kind === 'run-finished') this.end = event;
      if (event.kind === 'cache-shared') this.traffic = event.traffic;
    });
  }

  get failed(): readonly StepEnd[] {
    return this.steps.filter(({ outcome }) => outcome.is === 'failed');
  }

  /** Steps that build or package. Tests and scripts have their own reports. */
  get built(): readonly StepEnd[] {
    return this.steps.filter(
      ({ step, outcome }) =>
        !(step.kind === 'exec' && (step.tests !== undefined || step.check !== undefined)) &&
        (step.actions !== undefined || step.kind === 'exec' || outcome.is === 'failed'),
    );
  }
}
