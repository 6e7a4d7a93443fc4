import { type Places, readablePlan, readableStep } from '@slipway/model';
import type { Printer } from './printer.ts';
import type { Reporter } from './reporter.ts';

/** Every event as it is, with the whole calls of programs: one JSON object a line. */
export function jsonReporter(output: Pick<Printer, 'json'>): Reporter {
  let places: Places | undefined;
  return {
    emit(event) {
      if (event.kind === 'run-started') {
        places = event.plan.places;
        output.json({ ...event, plan: readablePlan(event.plan) });
      } else if ('step' in event && places !== undefined)
        output.json({ ...event, step: readableStep(event.step, places) });
      else output.json(event);
    },
    [Symbol.dispose]() {},
  };
}
