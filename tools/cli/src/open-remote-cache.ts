import type { RemoteCache } from '@slipway/adapters';
import type { SharedCacheSettings } from '@slipway/freshness';

/** gRPC is loaded only where a cache is shared. `bytesPerSecond`: how fast its contents would be made here. */
export async function openRemoteCache(settings: SharedCacheSettings, bytesPerSecond: number): Promise<RemoteCache> {
  const { realRemoteCache } = await import('@slipway/adapters/remote-cache');
  return realRemoteCache({ ...settings, bytesPerSecond });
}
