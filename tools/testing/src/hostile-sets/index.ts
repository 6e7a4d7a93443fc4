import { filledSets } from './filled.ts';
import type { HostileSets } from './hostile-set.ts';
import { placedSets } from './placed.ts';
import { saidSets } from './said.ts';

/** Sets of hostile publishers, made by code. */
export const hostileSets: HostileSets = { ...saidSets, ...placedSets, ...filledSets };
