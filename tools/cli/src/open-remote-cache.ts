import type { RemoteCache } from '@slipway/adapters';
import type { SharedCacheSettings } from '@slipway/freshness';

/** Loads gRPC only if a cache is shared. `bytesPerSecond`: how fast this machine would make the content. */
export async function openRemoteCache(settings: SharedCacheSettings, bytesPerSecond: number): Promise<RemoteCache> {
  const { realRemoteCache } = await import('@slipway/adapters/remote-cache');
  return realRemoteCache({ ...settings, bytesPerSecond });
}
