import type { ExecStep, PlaceName } from '@slipway/model';
import { containerPlace } from './container.ts';
import { hostPlace } from './host.ts';
import type { RunningPlace } from './port.ts';

const places: Readonly<Record<PlaceName, RunningPlace>> = { host: hostPlace, container: containerPlace };

export const placeOf = ({ place }: ExecStep): RunningPlace => places[place];
