import type { AskedTarget } from '@slipway/catalog';
import type { Answer } from '../answer.ts';
import type { Asking } from '../world.ts';
import { compare } from './compare.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { help } from './help.ts';
import { init } from './init.ts';
import { version } from './version.ts';

/** One row per answering target of the catalog; a target without a row does not compile. */
export const commands: { readonly [T in AskedTarget]: (asking: Asking) => Promise<Answer> } = { compare, completion, doctor, help, init, version };
