import { type Event, printableJson } from '@slipway/model';
import { type Reporter, watched } from './reporter.ts';

export interface KeepingReporter extends Reporter {
  readonly events: readonly Event[];
}

/** Forwards all events and keeps them for files about the run, without passwords in addresses, as in JSON. */
export function keepEvents(next: Reporter): KeepingReporter {
  const events: Event[] = [];
  return { ...watched(next, (event) => events.push(JSON.parse(printableJson(event)) as Event)), events };
}
