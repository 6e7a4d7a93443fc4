import { type Event, printableJson } from '@slipway/model';
import { type Reporter, watched } from './reporter.ts';

export interface KeepingReporter extends Reporter {
  readonly events: readonly Event[];
}

/** Passes everything on, and keeps it for files about the run; passwords in addresses are left out, as in JSON. */
export function keepEvents(next: Reporter): KeepingReporter {
  const events: Event[] = [];
  return { ...watched(next, (event) => events.push(JSON.parse(printableJson(event)) as Event)), events };
}
