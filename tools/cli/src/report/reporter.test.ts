import type { Event } from '@slipway/model';
import { expect, test } from 'vitest';
import { CheckEnds } from '../checks/after-checks.ts';
import { RunLog } from '../history/run-history.ts';
import { TestRun } from '../tests/test-run.ts';
import { keepEvents } from './keep-events.ts';
import type { Reporter } from './reporter.ts';

const event: Event = { kind: 'step-noted', step: 'x' as never, note: 'n', at: 0 } as unknown as Event;

test('a watched view stays a view, gets each event once, and is disposed of by its creator', () => {
  const heard: Event[] = [];
  let disposed = 0;
  const view: Reporter = {
    isView: true,
    note() {},
    emit: (each) => void heard.push(each),
    [Symbol.dispose]: () => void (disposed += 1),
  };
  const around = [new TestRun(), new CheckEnds(), new RunLog()];
  using kept = keepEvents(around.reduce((inner: Reporter, each) => each.watching(inner), view));
  kept.emit(event);
  kept[Symbol.dispose]();
  expect({ isView: kept.isView, hasNote: kept.note === view.note, heard, disposed }).toEqual({
    ...{ isView: true, hasNote: true, heard: [event], disposed: 0 },
  });
});
