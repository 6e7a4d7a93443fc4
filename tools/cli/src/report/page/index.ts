import { type Event, printableJson } from '@slipway/model';
import type { Reporter } from '../reporter.ts';
import { pageOf } from './page.ts';

export interface PageReporter extends Reporter {
  /** A page about what was emitted so far, in one file. */
  html(): string;
}

/** Passes everything on, and keeps it for the page; passwords in addresses are left out, as in JSON. */
export function pageReporter(next: Reporter): PageReporter {
  const events: Event[] = [];
  return {
    emit(event) {
      events.push(JSON.parse(printableJson(event)) as Event);
      next.emit(event);
    },
    html: () => pageOf(events),
    [Symbol.dispose]() {},
  };
}
