import type { QueryTarget } from '@slipway/catalog';
import type { Answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/**
 * One row for each answering target of the catalog; a missing row is a compile error. Each module is loaded on demand,
 * because a build needs none.
 */
export const commands: { readonly [T in QueryTarget]: (asking: Asking) => Promise<Answer> } = {
  affected: async (asking) => (await import('./affected.ts')).affected(asking),
  cache: async (asking) => (await import('./cache.ts')).cache(asking),
  compare: async (asking) => (await import('./compare.ts')).compare(asking),
  completion: async (asking) => (await import('./completion.ts')).completion(asking),
  doctor: async (asking) => (await import('./doctor.ts')).doctor(asking),
  gocacheprog: async (asking) => (await import('./gocacheprog.ts')).gocacheprog(asking),
  graph: async (asking) => (await import('./graph.ts')).graph(asking),
  help: async (asking) => (await import('./help.ts')).help(asking),
  init: async (asking) => (await import('./init.ts')).init(asking),
  new: async (asking) => (await import('./new.ts')).newPart(asking),
  'nx-cache': async (asking) => (await import('./nx-cache.ts')).nxCache(asking),
  query: async (asking) => (await import('./query.ts')).query(asking),
  'release-audit': async (asking) => (await import('./release-audit.ts')).releaseAudit(asking),
  'release-notes': async (asking) => (await import('./release-notes.ts')).releaseNotes(asking),
  'release-publish': async (asking) => (await import('./release-publish.ts')).releasePublish(asking),
  'release-reproduce': async (asking) => (await import('./release-reproduce.ts')).releaseReproduce(asking),
  'release-sign': async (asking) => (await import('./release-sign.ts')).releaseSign(asking),
  'release-verify': async (asking) => (await import('./release-verify.ts')).releaseVerify(asking),
  remote: async (asking) => (await import('./remote.ts')).remote(asking),
  stats: async (asking) => (await import('./stats.ts')).stats(asking),
  'test-history': async (asking) => (await import('./test-history.ts')).testHistory(asking),
  trust: async (asking) => (await import('./trust.ts')).trust(asking),
  'update-bazel': async () => (await import('./update-bazel.ts')).updateBazel(),
  'verify-imports': async (asking) => (await import('./verify-imports.ts')).verifyImports(asking),
  version: async (asking) => (await import('./version.ts')).version(asking),
  watch: async (asking) => (await import('./watch.ts')).watch(asking),
  why: async (asking) => (await import('./why.ts')).why(asking),
};
