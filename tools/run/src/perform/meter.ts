import { type Meter, type Step, meterOf } from '@slipway/model';
import type { Performing } from './performing.ts';

/** Reports the bytes that a step moves. */
export const meterFor = ({ id }: Step, { emit }: Performing): Meter | undefined =>
  emit && meterOf((moved) => emit({ kind: 'bytes-moved', id, moved, at: performance.now() }));
