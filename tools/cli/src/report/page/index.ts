import type { Event } from '@slipway/model';
import { jsonOf } from '../json.ts';
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
      events.push(JSON.parse(jsonOf(event)) as Event);
      next.emit(event);
    },
    html: () => pageOf(events),
    [Symbol.dispose]() {},
  };
}
