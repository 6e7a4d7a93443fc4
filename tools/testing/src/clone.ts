import { join } from 'node:path';
import { seedGoCache } from './observe/seed.ts';
import { Repo } from './repo-rig.ts';

/** Trees of one user: one home, one store, one compile cache of Go, which begins with Go's library and nothing else. */
export class Clone extends Repo {
  readonly caches: { readonly HOME: string; readonly XDG_CACHE_HOME: string; readonly GOCACHE: string };

  constructor(first?: Clone, name = first === undefined ? 'one' : 'two') {
    super('empty', name);
    const home = first?.home ?? this.home;
    this.caches = { HOME: home, XDG_CACHE_HOME: join(home, '.cache'), GOCACHE: join(home, 'go-build') };
    if (first === undefined) seedGoCache(this.caches.GOCACHE);
  }
}
