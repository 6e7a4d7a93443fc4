import type { ExecStep, PlaceName } from '@slipway/model';
import { containerPlace } from './container.ts';
import { hostPlace } from './host.ts';
import { remotePlace } from './remote.ts';
import type { RunningPlace } from './port.ts';

/** One for each name. */
const places: Readonly<Record<PlaceName, RunningPlace>> = {
  host: hostPlace,
  container: containerPlace,
  remote: remotePlace,
};

export const placeOf = ({ place }: ExecStep): RunningPlace => places[place];
