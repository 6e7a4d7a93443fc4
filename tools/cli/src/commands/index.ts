import type { AskedTarget } from '@slipway/catalog';
import type { Answer } from '../answer.ts';
import type { Asking } from '../world.ts';
import { affected } from './affected.ts';
import { cache } from './cache.ts';
import { compare } from './compare.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { gocacheprog } from './gocacheprog.ts';
import { graph } from './graph.ts';
import { help } from './help.ts';
import { init } from './init.ts';
import { newPart } from './new.ts';
import { releaseAudit } from './release-audit.ts';
import { releaseNotes } from './release-notes.ts';
import { releaseReproduce } from './release-reproduce.ts';
import { releaseSign } from './release-sign.ts';
import { releaseVerify } from './release-verify.ts';
import { nxCache } from './nx-cache.ts';
import { query } from './query.ts';
import { updateBazel } from './update-bazel.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';
import { why } from './why.ts';

/** One row per answering target of the catalog; a target without a row does not compile. */
export const commands: { readonly [T in AskedTarget]: (asking: Asking) => Promise<Answer> } = {
  affected,
  cache,
  compare,
  completion,
  doctor,
  gocacheprog,
  graph,
  help,
  init,
  new: newPart,
  'nx-cache': nxCache,
  query,
  'release-audit': releaseAudit,
  'release-notes': releaseNotes,
  'release-reproduce': releaseReproduce,
  'release-sign': releaseSign,
  'release-verify': releaseVerify,
  'update-bazel': updateBazel,
  verify,
  version,
  why,
};
