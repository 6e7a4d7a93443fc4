import { type Event, type Places, readablePlan, readableStep } from '@slipway/model';

/** Converts the events of one run, in order, for readers without the plan: with the complete calls of programs. */
export function readableEvents(): (event: Event) => Event {
  let places: Places | undefined;
  return (event) => {
    if (event.kind === 'run-started') {
      places = event.plan.places;
      return { ...event, plan: readablePlan(event.plan) };
    }
    return 'step' in event && places !== undefined ? { ...event, step: readableStep(event.step, places) } : event;
  };
}
