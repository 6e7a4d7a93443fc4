import type { CacheTraffic, EventOf } from '@slipway/model';
import { type Reporter, watched } from '../report/reporter.ts';

export type StepEnd = EventOf<'step-finished'>;

/** How the steps of a run ended, for what is left of it in a CI. */
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

  /** What was built or packed; tests and scripts have reports of their own. */
  get built(): readonly StepEnd[] {
    return this.steps.filter(
      ({ step, outcome }) =>
        !(step.kind === 'exec' && (step.tests !== undefined || step.check !== undefined)) &&
        (step.actions !== undefined || step.kind === 'exec' || outcome.is === 'failed'),
    );
  }
}
