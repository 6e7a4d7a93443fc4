import type { EventOf, StepId } from '@slipway/model';
import { expect, test } from 'vitest';
import { formatCluster } from './format-cluster.ts';

const executed = (more: Partial<EventOf<'remote-executed'>> = {}): EventOf<'remote-executed'> => ({
  ...{ kind: 'remote-executed', id: 'x' as StepId, cached: false, worker: undefined, attempts: 1, at: 0 },
  times: { queued: 0, fetched: 0, executed: 30_000, uploaded: 0 },
  traffic: { bytesUp: 1000, blobsUp: 5, bytesDown: 2_000_000 },
  ...more,
});
const ended: EventOf<'run-finished'> = {
  kind: 'run-finished',
  ok: true,
  interrupted: false,
  milliseconds: 20_000,
  at: 0,
};

test.each([
  {
    what: 'work, and what went there and back',
    told: { executed: [executed({ worker: 'a' }), executed({ worker: 'b' })], here: 0 },
    text: 'cluster   2 actions on 2 workers, 1m00s of work in 20s, 10 files (2.0 kB) sent, 4.0 MB came back',
  },
  {
    what: 'what the cluster knew',
    told: { executed: [executed({ cached: true })], here: 0 },
    text: 'cluster   1 action, 1 known there, 5 files (1.0 kB) sent, 2.0 MB came back',
  },
  {
    what: 'what was done on this machine instead',
    told: { executed: [], here: 3 },
    text: 'cluster   0 actions, 3 on this machine instead, 0 files (0 B) sent, 0 B came back',
  },
])('the last lines say of a cluster $what', ({ told, text }) => {
  expect(formatCluster(told, ended)).toBe(text);
});
