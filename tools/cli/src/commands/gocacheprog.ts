import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters';
import { localGoCache, serveGo, sharedCacheSettings, sharedGoCache } from '@slipway/freshness';
import { type Environment, FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { openRemoteCache } from '../open-remote-cache.ts';
import type { Asking } from '../services.ts';

/** Go's build cache on top of the shared cache. Go starts it and talks to it by the GOCACHEPROG protocol. */
export async function gocacheprog({ services }: Asking): Promise<Answer> {
  const { environment, cwd } = services;
  const caches = cacheDirectory(environment);
  if (caches === undefined)
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: 'there is no cache without a home directory',
      hint: 'set HOME or XDG_CACHE_HOME',
    });
  const settings = sharedCacheSettings(environment);
  // A writer that signs must not use results from unsigned scopes.
  const directory = join(caches, settings?.signer === undefined ? 'go-build' : 'go-build-trusted');
  const { nothingCached } = await import('@slipway/adapters/remote-cache');
  const cache = sharedGoCache({
    local: localGoCache(directory),
    remote: settings === undefined ? nothingCached : await openRemoteCache(settings, COMPILED * availableParallelism()),
    settings: settings ?? { writes: false, scope: '', signer: undefined, trusted: [], latencyBudget: 0 },
    name: nameOf(environment, cwd),
    now: Date.now,
  });
  await serveGo(cache, process.stdin, (line) => void process.stdout.write(line));
  return answer([]);
}

/** Bytes a second that one processor compiles. */
const COMPILED = 2 ** 20;

/** Builds of the same modules for the same platform need almost the same files. */
function nameOf(environment: Environment, cwd: string): string {
  const settings = ['GOOS', 'GOARCH', 'CGO_ENABLED', 'GOFLAGS'].map((name) => environment[name] ?? '');
  return hash('sha256', [modulesAt(cwd), ...settings].join('\n'));
}

/** go.work, or the module line, of the nearest parent directory that has one. */
function modulesAt(directory: string): string {
  const work = join(directory, 'go.work');
  if (existsSync(work)) return readFileSync(work, 'utf8');
  const module = join(directory, 'go.mod');
  const above = dirname(directory);
  if (above === directory) return '';
  const further = modulesAt(above);
  if (further !== '' || !existsSync(module)) return further;
  return /^module .*$/m.exec(readFileSync(module, 'utf8'))?.[0] ?? '';
}
